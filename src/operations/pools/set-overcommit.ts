import { unsupported } from '../../errors.ts'
import { readRelease, takesGiganticOvercommit } from '../../kernel/release.ts'
import { isLive, type Tree } from '../../kernel/tree.ts'
import { isGigantic } from '../../model/pools/gigantic.ts'
import type { Machine } from '../../model/pools/machine.ts'
import { type OvercommitRequest, planOvercommit } from '../../model/pools/overcommit-plan.ts'
import type { PoolPlan } from '../../model/pools/pool-plan.ts'
import { planThroughProc } from '../../model/pools/through-proc.ts'
import type { Ports } from '../ports.ts'
import { type ChangeDryRun, type ChangeOptions, changePools } from './change-pools.ts'
import type { ChangeResult } from './change-result.ts'
import { refusedValue } from './write-step.ts'

/** A kernel whose version is unknown may take any value. */
const refusesGigantic = (tree: Tree): boolean =>
  readRelease(tree) !== undefined && !takesGiganticOvercommit(tree)

/** Refuses without the kernel what the kernel refuses: before 6.19 it answers EINVAL. */
const checkNoneGigantic = (machine: Machine, plan: PoolPlan): void => {
  const step = plan.steps.find(({ size }) => isGigantic(machine, size))
  if (step === undefined) return
  const { reason, words, hint } = refusedValue(step)
  throw unsupported(reason, `${step.path}: ${words}`, hint)
}

/** Sets how many surplus pages pools may have. */
export const setOvercommit = (
  ports: Ports,
  request: OvercommitRequest,
  options: ChangeOptions,
): Promise<ChangeResult | ChangeDryRun> =>
  changePools(
    ports,
    (machine) => {
      const plan = planThroughProc(machine, planOvercommit(machine, request))
      if ((options.dryRun || !isLive(ports.tree)) && refusesGigantic(ports.tree))
        checkNoneGigantic(machine, plan)
      return plan
    },
    options,
  )
