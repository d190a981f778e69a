import { HugepoolError, type StopSignal } from '../errors.ts'
import { readShortage } from '../kernel/buddyinfo.ts'
import { explain } from '../kernel/errno.ts'
import { readMachine } from '../kernel/machine.ts'
import { type Change, changesOf, type Outcome, outcomeOf, wordsOf } from '../model/change.ts'
import { findPool, type Machine, type Pool } from '../model/machine.ts'
import { grows, type Plan } from '../model/plan.ts'
import { type Shortage, shortageHints } from '../model/shortage.ts'
import { grow } from './grow.ts'
import type { Ports, SignalWatch } from './ports.ts'
import { restore } from './restore.ts'
import { withLock } from './with-lock.ts'
import { writeStep } from './write-step.ts'

export interface ChangeOptions {
  readonly dryRun: boolean
  readonly allOrNothing: boolean
  readonly compact: boolean
  readonly wait: boolean
}

export interface ShortChange extends Change {
  /** For a growth that fell short: what the kernel shows of the memory it was to come from. */
  readonly shortage: readonly Shortage[]
}

export interface ChangeResult {
  readonly kind: 'changed'
  readonly outcome: Outcome
  readonly changes: readonly ShortChange[]
  /** As seen afterwards. */
  readonly pools: readonly Pool[]
  /** What happened, in words, and what to do next. */
  readonly words: readonly string[]
  readonly hints: readonly string[]
  /** The error that ended the call after something had been changed already. */
  readonly failure?: HugepoolError
  readonly signal?: StopSignal
}

/** What would be written, in order. */
export interface DryRun {
  readonly kind: 'dry-run'
  readonly plan: Plan
}

/** Reads, plans and says nothing yet; makes the plan of one command from a snapshot. */
export type Planner = (machine: Machine) => Plan

export const checkWritable = (ports: Ports, paths: readonly string[]): void => {
  for (const path of paths) {
    try {
      ports.tree.checkWritable(path)
    } catch (error) {
      throw explain(error, path)
    }
  }
}

const carryOut = async (
  ports: Ports,
  plan: Plan,
  options: ChangeOptions,
  signals: SignalWatch,
): Promise<HugepoolError | undefined> => {
  try {
    for (const step of plan.steps) {
      if (signals.pending() !== undefined) return undefined
      if (grows(step) && step.attribute === 'persistent')
        await grow(ports, step, signals, options.compact)
      else writeStep(ports, step, step.value)
    }
    return undefined
  } catch (error) {
    if (error instanceof HugepoolError) return error
    throw error
  }
}

const withShortage = (ports: Ports, change: Change): ShortChange => {
  const grew = change.attribute === 'persistent' && change.requested > change.before
  const nodes = change.node === undefined ? undefined : [change.node]
  const falls = grew && change.after < change.requested
  return { ...change, shortage: falls ? readShortage(ports.tree, change.size, nodes) : [] }
}

const hintsOf = (changes: readonly ShortChange[], pools: readonly Pool[], compacted: boolean) => {
  const short = changes.filter(({ shortage }) => shortage.length > 0)
  const hints = short.flatMap(({ size, shortage }) =>
    shortageHints(findPool(pools, size), shortage, pools, compacted),
  )
  return [...new Set(hints)]
}

const restoredError = (
  ports: Ports,
  before: Machine,
  plan: Plan,
  words: readonly string[],
  failure: HugepoolError | undefined,
): HugepoolError => {
  const { sizes, short } = restore(ports, before, plan)
  const why = failure?.message ?? words.join('; ')
  return short.length === 0
    ? new HugepoolError('E_KERNEL', `${why}; put back as before: ${sizes.join(', ')}`)
    : new HugepoolError(
        'E_KERNEL',
        `${why}; putting back fell short: ${short.join(', ')}`,
        "'hugepool list --per-node' shows what there is now",
      )
}

const conclude = (
  ports: Ports,
  before: Machine,
  plan: Plan,
  options: ChangeOptions,
  failure: HugepoolError | undefined,
): Omit<ChangeResult, 'signal'> => {
  const { pools } = readMachine(ports.tree)
  const changes = changesOf(before, { ...before, pools }, plan).map((change) =>
    withShortage(ports, change),
  )
  const outcome = outcomeOf(changes)
  const words = changes.flatMap((change) => wordsOf(change, findPool(pools, change.size)) ?? [])
  if (options.allOrNothing && (outcome === 'partial' || failure !== undefined))
    throw restoredError(ports, before, plan, words, failure)
  if (failure !== undefined && changes.every((change) => change.before === change.after))
    throw failure
  const hints = hintsOf(changes, pools, options.compact)
  return { kind: 'changed', outcome, changes, pools, words, hints, ...(failure && { failure }) }
}

const change = async (
  ports: Ports,
  makePlan: Planner,
  options: ChangeOptions,
): Promise<ChangeResult> => {
  const before = readMachine(ports.tree)
  const plan = makePlan(before)
  for (const note of plan.notes) ports.note(note)
  const signals = ports.watchSignals()
  try {
    const failure = await carryOut(ports, plan, options, signals)
    const result = conclude(ports, before, plan, options, failure)
    const signal = signals.pending()
    return signal === undefined ? result : { ...result, signal }
  } finally {
    signals.end()
  }
}

/**
 * Observe, plan, carry out, observe again. The plan is made once before the lock, so that a wrong
 * or needless request ends without it, and once under it, because relative counts depend on it.
 */
export const changePools = async (
  ports: Ports,
  makePlan: Planner,
  options: ChangeOptions,
): Promise<ChangeResult | DryRun> => {
  const machine = readMachine(ports.tree)
  const plan = makePlan(machine)
  if (options.dryRun) return { kind: 'dry-run', plan }
  if (plan.steps.length === 0) {
    const changes = changesOf(machine, machine, plan).map((one) => ({ ...one, shortage: [] }))
    const { pools } = machine
    return { kind: 'changed', outcome: 'unchanged', changes, pools, words: [], hints: [] }
  }
  checkWritable(
    ports,
    plan.steps.map(({ path }) => path),
  )
  return withLock(ports, options.wait, () => change(ports, makePlan, options))
}
