import { HugepoolError } from '../../errors.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import { missingMeaning, readText } from '../../kernel/read-attribute.ts'
import { HeldError, heldSizesIn } from '../../model/pools/held-forecast.ts'
import type { Machine } from '../../model/pools/machine.ts'
import { grows, type PoolPlan, type PoolStep } from '../../model/pools/pool-plan.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import type { Ports, SignalWatch } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { type ChangeResult, changeResult, refusedResult } from './change-result.ts'
import { checkWritable, writeDenied } from './check-writable.ts'
import { compactPaths, type GrowingStep, grow } from './grow.ts'
import { growRest } from './grow-rest.ts'
import { convertSurplus, correctNode, setPages } from './write-step.ts'

export interface ChangeOptions {
  readonly dryRun: boolean
  readonly allOrNothing: boolean
  readonly compact: boolean
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

const takesPages = (step: PoolStep): boolean =>
  step.attribute === 'persistent' && grows(step) && !step.convertsSurplus

const carryOutStep = async (
  ports: Ports,
  step: PoolStep,
  how: Omit<GrowingStep, 'step'>,
): Promise<void> => {
  if (step.convertsSurplus) convertSurplus(ports, step)
  else if (takesPages(step)) {
    await grow(ports, { ...how, step })
    correctNode(ports, step)
  } else setPages(ports, step)
}

/**
 * Carries out steps until a signal or an error ends that. Where surplus has become persistent by
 * then, the steps that have to follow are carried out nevertheless: they take no time.
 */
const carryOutPlan = async (
  ports: Ports,
  plan: PoolPlan,
  options: ChangeOptions,
  signals: SignalWatch,
): Promise<HugepoolError | undefined> => {
  const how = { signals, memoryMinimums: plan.memoryMinimums, compacting: options.compact }
  const converted = new Set<PageSize>()
  let failure: HugepoolError | undefined
  const isStopped = () => failure !== undefined || signals.pending() !== undefined
  const attempt = async (action: () => Promise<void>): Promise<void> => {
    try {
      await action()
    } catch (error) {
      if (!(error instanceof HugepoolError)) throw error
      failure ??= error
    }
  }
  for (const step of plan.steps) {
    if (isStopped() && !(step.settles && converted.has(step.size))) continue
    if (step.convertsSurplus) converted.add(step.size)
    await attempt(() => carryOutStep(ports, step, how))
    // Only between turns of the event loop is a signal noted.
    await ports.pause(0)
  }
  if (!isStopped()) await attempt(() => growRest(ports, plan.steps, how))
  return failure
}

/** The refusal of a plan that is known to fall short where all or nothing is to be done. */
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

const writtenPaths = ({ steps }: PoolPlan, { compact }: ChangeOptions): readonly string[] => [
  ...steps.map(({ path }) => path),
  ...(compact ? steps.filter(takesPages).flatMap(compactPaths) : []),
]

const changeNow = async (
  ports: Ports,
  makePlan: PoolPlanner,
  options: ChangeOptions,
): Promise<ChangeResult> => {
  const before = readMachine(ports.tree)
  const plan = makePlan(before)
  const refusal = refusalOf(plan, options)
  if (refusal !== undefined) return refusedResult(before, plan, refusal)
  // What a refusal keeps from coming true is not told before it.
  checkWritable(ports, writtenPaths(plan, options))
  for (const note of plan.notes) ports.note(note)
  const { allOrNothing, compact: compacted } = options
  const carried = { before, plan, allOrNothing, compacted, failure: undefined, signal: undefined }
  if (plan.steps.length === 0) return changeResult(ports, carried, before)
  const signals = ports.watchSignals()
  const failure = await carryOutPlan(ports, plan, options, signals)
  return changeResult(ports, { ...carried, failure, signal: signals.pending() })
}

/** Throws E_UNSUPPORTED where a dry run would print a write to a file of /proc that is missing. */
const missingRefused = (ports: Ports, plan: PoolPlan): PoolPlan => {
  for (const { path } of plan.steps)
    if (path.startsWith('/proc/')) readText(ports.tree, path, missingMeaning(ports.tree, path))
  return plan
}

const dryRun = (ports: Ports, makePlan: PoolPlanner, options: ChangeOptions): ChangeDryRun => {
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
    ? dryRun(ports, makePlan, options)
    : withLock(ports, options.wait, () => changeNow(ports, makePlan, options))
