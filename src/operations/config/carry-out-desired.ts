import { HugepoolError, type StopSignal } from '../../errors.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import type { ItemError } from '../../model/config/config-change.ts'
import type { DesiredPlan } from '../../model/config/desired-plan.ts'
import { withoutOptional } from '../../model/config/pool-items.ts'
import type { Machine } from '../../model/pools/machine.ts'
import type { PoolPlan } from '../../model/pools/pool-plan.ts'
import { present } from '../../model/words/present.ts'
import type { Undo } from '../mounts/carry-out-mount.ts'
import type { ChangeResult } from '../pools/change-result.ts'
import { type ChangeOptions, changeNow } from '../pools/plan-and-change.ts'
import type { Ports } from '../ports.ts'
import { applyMounts } from './apply-mounts.ts'
import { type AppliedItems, applyDemoteSizes, applyGroup } from './apply-settings.ts'
import { type Desired, planOvercommits, planPages } from './read-desired.ts'

/** How a plan of everything is carried out. */
export interface DesiredOptions {
  readonly compact: boolean
  /**
   * The time of the clock, in milliseconds, up to which compaction that gained nothing is tried
   * once more.
   */
  readonly until?: number
  /** The path of the record of mounts, in a test. */
  readonly recordPath?: string
}

/** What was done of the pages or the overcommit of pools, and the machine before it. */
export interface CarriedPools {
  readonly before: Machine
  readonly plan: PoolPlan
  readonly result: ChangeResult
}

/** What was carried out, in its order, up to a signal or to an error that ended it. */
export interface CarriedOutDesired {
  readonly pages?: CarriedPools
  readonly overcommit?: CarriedPools
  readonly errors: readonly ItemError[]
  readonly undos: readonly Undo[]
  readonly failure?: HugepoolError
  readonly signal?: StopSignal
}

type PlanOfPools = (machine: Machine) => PoolPlan

const changeOptions = ({ compact, until }: DesiredOptions): ChangeOptions =>
  present({ dryRun: false, allOrNothing: false, wait: true, keepGoing: true, compact, until })

/** Carries out a plan of pools as `resize --keep-going` does, with its notes. */
const changeOnePart = async (
  ports: Ports,
  planned: PoolPlan,
  makePlan: PlanOfPools,
  options: DesiredOptions,
): Promise<CarriedPools | undefined> => {
  if (planned.settings.length === 0) return undefined
  const before = readMachine(ports.tree)
  const plan = makePlan(before)
  return { before, plan, result: await changeNow(ports, () => plan, changeOptions(options)) }
}

const withItems = (
  carried: CarriedOutDesired,
  { errors, undos }: AppliedItems,
): CarriedOutDesired => ({
  ...carried,
  errors: [...carried.errors, ...errors],
  undos: [...carried.undos, ...undos],
})

type Stage = (carried: CarriedOutDesired) => CarriedOutDesired | Promise<CarriedOutDesired>

const stagesOf = (
  ports: Ports,
  desired: Desired,
  plan: DesiredPlan,
  options: DesiredOptions,
): readonly Stage[] => {
  const { tree } = ports
  const { mounts, pools } = desired.configuration
  const pages: PlanOfPools = (machine) => withoutOptional(planPages(tree, machine, desired), pools)
  const overcommits: PlanOfPools = (machine) =>
    withoutOptional(planOvercommits(tree, machine, desired), pools)
  return [
    async (carried) =>
      present({ ...carried, pages: await changeOnePart(ports, plan.pages, pages, options) }),
    (carried) => withItems(carried, applyDemoteSizes(ports, plan.demoteSizes)),
    (carried) => withItems(carried, applyMounts(ports, mounts, options.recordPath)),
    (carried) => withItems(carried, applyGroup(ports, plan.group)),
    async (carried) =>
      present({
        ...carried,
        overcommit: await changeOnePart(ports, plan.overcommit, overcommits, options),
      }),
  ]
}

/**
 * Carries out one stage after the other, up to a signal or to an error that ends a stage as a
 * whole. The result tells what was done until then.
 */
export const carryOutDesired = async (
  ports: Ports,
  desired: Desired,
  plan: DesiredPlan,
  options: DesiredOptions,
): Promise<CarriedOutDesired> => {
  const signals = ports.watchSignals()
  let carried: CarriedOutDesired = { errors: [], undos: [] }
  for (const stage of stagesOf(ports, desired, plan, options)) {
    try {
      carried = await stage(carried)
    } catch (failure) {
      if (!(failure instanceof HugepoolError)) throw failure
      return { ...carried, failure }
    }
    // A signal is noted only between two turns of the event loop.
    await ports.pause(0)
    const signal = signals.pending()
    if (signal !== undefined) return { ...carried, signal }
  }
  return carried
}
