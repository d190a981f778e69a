import { HugepoolError } from '../../errors.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import { readText } from '../../kernel/read-attribute.ts'
import type { Machine } from '../../model/pools/machine.ts'
import { grows, type PoolPlan, type PoolStep } from '../../model/pools/pool-plan.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import type { Ports, SignalWatch } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { type ChangeResult, changeResult } from './change-result.ts'
import { checkWritable } from './check-writable.ts'
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
  }
  if (!isStopped()) await attempt(() => growRest(ports, plan.steps, how))
  return failure
}

const changeNow = async (
  ports: Ports,
  makePlan: PoolPlanner,
  options: ChangeOptions,
): Promise<ChangeResult> => {
  const before = readMachine(ports.tree)
  const plan = makePlan(before)
  for (const note of plan.notes) ports.note(note)
  const { allOrNothing, compact: compacted } = options
  const carried = { before, plan, allOrNothing, compacted, failure: undefined, signal: undefined }
  if (plan.steps.length === 0) return changeResult(ports, carried, before)
  checkWritable(ports, [
    ...plan.steps.map(({ path }) => path),
    ...(options.compact ? plan.steps.filter(takesPages).flatMap(compactPaths) : []),
  ])
  const signals = ports.watchSignals()
  const failure = await carryOutPlan(ports, plan, options, signals)
  return changeResult(ports, { ...carried, failure, signal: signals.pending() })
}

/** Throws E_UNSUPPORTED where a dry run would print a write to a file of /proc that is missing. */
const missingRefused = (ports: Ports, plan: PoolPlan): PoolPlan => {
  for (const { path } of plan.steps) if (path.startsWith('/proc/')) readText(ports.tree, path)
  return plan
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
    ? { kind: 'dry-run', plan: missingRefused(ports, makePlan(readMachine(ports.tree))) }
    : withLock(ports, options.wait, () => changeNow(ports, makePlan, options))
