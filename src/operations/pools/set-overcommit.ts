import { type HugepoolError, unsupported } from '../../errors.ts'
import { readRelease, takesGiganticOvercommit } from '../../kernel/release.ts'
import { isLive, type Tree } from '../../kernel/tree.ts'
import { isGigantic } from '../../model/pools/gigantic.ts'
import type { Machine } from '../../model/pools/machine.ts'
import { type OvercommitRequest, planOvercommit } from '../../model/pools/overcommit-plan.ts'
import type { PoolPlan, PoolStep } from '../../model/pools/pool-plan.ts'
import { planThroughProc } from '../../model/pools/through-proc.ts'
import type { Ports } from '../ports.ts'
import type { ChangeResult } from './change-result.ts'
import {
  type ChangeDryRun,
  type ChangeOptions,
  changePools,
  type PoolChanger,
} from './plan-and-change.ts'
import { refusedValue } from './write-step.ts'

/**
 * Whether the kernel is known to refuse overcommit of gigantic pages. One whose version is unknown
 * may take any value.
 */
const refusesGigantic = (tree: Tree): boolean =>
  readRelease(tree) !== undefined && !takesGiganticOvercommit(tree)

/** Makes the error of a kernel that refuses, which answers EINVAL before 6.19. */
const giganticRefusal = (step: PoolStep): HugepoolError => {
  const { reason, words, hint } = refusedValue(step)
  return unsupported(reason, `${step.path}: ${words}`, hint)
}

/**
 * Refuses without the kernel what the kernel would refuse, or leaves it out where the call keeps
 * going.
 */
const withoutGigantic = (machine: Machine, plan: PoolPlan, keepGoing: boolean): PoolPlan => {
  const refusals = plan.steps.filter(({ size }) => isGigantic(machine, size))
  const [first] = refusals
  if (first === undefined) return plan
  if (!keepGoing) throw giganticRefusal(first)
  const more = refusals.map((step) => ({
    size: step.size,
    requested: step.value,
    error: giganticRefusal(step),
  }))
  return {
    ...plan,
    steps: plan.steps.filter((step) => !refusals.includes(step)),
    leftOut: [...(plan.leftOut ?? []), ...more],
  }
}

/**
 * Plans overcommit by the rules of the kernel that a tree has. `tries` leaves every refusal to the
 * kernel.
 */
export const planOvercommitOn = (
  tree: Tree,
  machine: Machine,
  request: OvercommitRequest,
  tries = false,
): PoolPlan => {
  const plan = planThroughProc(machine, planOvercommit(machine, request))
  return !tries && refusesGigantic(tree)
    ? withoutGigantic(machine, plan, request.keepGoing ?? false)
    : plan
}

/** Sets how many surplus pages pools may have. `change` may do more while the lock is held. */
export const setOvercommit = (
  ports: Ports,
  request: OvercommitRequest,
  options: ChangeOptions,
  change: PoolChanger = changePools,
): Promise<ChangeResult | ChangeDryRun> =>
  change(
    ports,
    (machine) => {
      const tries = !options.dryRun && change === changePools && isLive(ports.tree)
      return planOvercommitOn(ports.tree, machine, request, tries)
    },
    options,
  )
