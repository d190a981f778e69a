import { lastName } from '../etc/path-parts.ts'
import type { Machine, Pool } from './machine.ts'
import type { PoolPlan, PoolStep } from './pool-plan.ts'

/**
 * Returns the file of /proc that sets the default pool (hugetlb_table in mm/hugetlb.c). It has the
 * name of the attribute in sysfs.
 */
const procPath = (path: string): string => `/proc/sys/vm/${lastName(path)}`

/** Returns steps that write to /proc in place of sysfs where that does not show their pool. */
export const stepsThroughProc = (
  pools: readonly Pool[],
  steps: readonly PoolStep[],
): readonly PoolStep[] =>
  pools.some(({ onlyInProc }) => onlyInProc === true)
    ? steps.map((step) => ({ ...step, path: procPath(step.path) }))
    : steps

export const planThroughProc = ({ pools }: Machine, plan: PoolPlan): PoolPlan => ({
  ...plan,
  steps: stepsThroughProc(pools, plan.steps),
})
