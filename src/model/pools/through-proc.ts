import { lastName } from '../etc/path-parts.ts'
import type { Machine, Pool } from './machine.ts'
import type { PoolPlan, PoolStep } from './pool-plan.ts'

/**
 * The files of /proc that set the default pool (hugetlb_table in mm/hugetlb.c); they have the names
 * of the attributes in sysfs.
 */
const procPath = (path: string): string => `/proc/sys/vm/${lastName(path)}`

/** Leads steps through /proc where sysfs does not show their pool. */
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
