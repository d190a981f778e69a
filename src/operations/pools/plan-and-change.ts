import type { HugepoolError } from '../../errors.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import { missingMeaning, readText } from '../../kernel/read-attribute.ts'
import { HeldError, heldSizesIn } from '../../model/pools/held-forecast.ts'
import type { Machine } from '../../model/pools/machine.ts'
import type { PoolPlan } from '../../model/pools/pool-plan.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { type CarryOutOptions, carryOutPlan, writtenPaths } from './carry-out-plan.ts'
import { type ChangeResult, changeResult, refusedResult, resultOf } from './change-result.ts'
import { checkWritable, writeDenied } from './check-writable.ts'

export interface ChangeOptions extends CarryOutOptions {
  readonly dryRun: boolean
  readonly allOrNothing: boolean
  readonly wait: boolean
}

/** The steps that would be written, in order. */
export interface ChangeDryRun {
  readonly kind: 'dry-run'
  readonly plan: PoolPlan
  /** The error that a real run would end with for want of a right. */
  readonly denied?: HugepoolError
  /** Who holds the pages that would stay as surplus, and what frees them. */
  readonly hints: readonly string[]
}

/** Makes the plan of one command from a snapshot. It neither writes nor prints anything. */
export type PoolPlanner = (machine: Machine) => PoolPlan

/** Plans and carries out a change of pools, or plans it alone. */
export type PoolChanger = (
  ports: Ports,
  makePlan: PoolPlanner,
  options: ChangeOptions,
) => Promise<ChangeResult | ChangeDryRun>

/**
 * Returns the error of a plan that is known to fall short, where it is to be done in full or not at
 * all.
 */
const refusalOf = (plan: PoolPlan, { allOrNothing }: ChangeOptions): HeldError | undefined => {
  const { obstacles = [], held = [] } = plan
  return allOrNothing && obstacles.length > 0
    ? new HeldError(obstacles, heldSizesIn(held))
    : undefined
}

const inFullOrNot = (plan: PoolPlan, options: ChangeOptions): PoolPlan => {
  const refusal = refusalOf(plan, options)
  if (refusal !== undefined) throw refusal
  return plan
}

/** Changes pools as `changePools` does, for callers that have the lock. */
export const changeNow = async (
  ports: Ports,
  makePlan: PoolPlanner,
  options: ChangeOptions,
): Promise<ChangeResult> => {
  const before = readMachine(ports.tree)
  const plan = makePlan(before)
  const refusal = refusalOf(plan, options)
  if (refusal !== undefined) return refusedResult(before, plan, refusal)
  // The notes come after the check: where it throws, what they tell does not happen.
  checkWritable(ports, writtenPaths(plan, options))
  for (const note of plan.notes) ports.note(note)
  const { allOrNothing, compact: compacted, keepGoing = false } = options
  const how = { allOrNothing, compacted, keepGoing }
  const carried = { before, plan, ...how, failures: [], signal: undefined }
  if (plan.steps.length === 0) return resultOf(ports, carried, before)
  const signals = ports.watchSignals()
  const failures = await carryOutPlan(ports, plan, options, signals)
  return changeResult(ports, { ...carried, failures, signal: signals.pending() })
}

/** Throws E_UNSUPPORTED where a dry run would print a write to a file of /proc that is missing. */
const missingRefused = (ports: Ports, plan: PoolPlan): PoolPlan => {
  for (const { path } of plan.steps)
    if (path.startsWith('/proc/')) readText(ports.tree, path, missingMeaning(ports.tree, path))
  return plan
}

const poolsDryRun = (ports: Ports, makePlan: PoolPlanner, options: ChangeOptions): ChangeDryRun => {
  const plan = missingRefused(ports, inFullOrNot(makePlan(readMachine(ports.tree)), options))
  const denied = writeDenied(ports, writtenPaths(plan, options))
  return present({ kind: 'dry-run', plan, denied, hints: [] })
}

/**
 * Observes, plans, carries out and observes again. The lock is held throughout, because the changes
 * of another call decide what a relative count means and whether there is anything to do.
 */
export const changePools = async (
  ports: Ports,
  makePlan: PoolPlanner,
  options: ChangeOptions,
): Promise<ChangeResult | ChangeDryRun> =>
  options.dryRun
    ? poolsDryRun(ports, makePlan, options)
    : withLock(ports, options.wait, () => changeNow(ports, makePlan, options))
