import { HugepoolError, type StopSignal } from '../../errors.ts'
import { readShortage } from '../../kernel/pools/buddyinfo.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import { readRelease } from '../../kernel/release.ts'
import type { Tree } from '../../kernel/tree.ts'
import { confinedTo } from '../../model/pools/gigantic.ts'
import { findPool, type Machine, type Pool } from '../../model/pools/machine.ts'
import {
  changesOf,
  changeWords,
  type Outcome,
  overallOutcome,
  type PoolChange,
} from '../../model/pools/pool-change.ts'
import type { PoolPlan } from '../../model/pools/pool-plan.ts'
import { type Shortage, shortageAdvice, shortageHints } from '../../model/pools/shortage.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import { present } from '../../model/words/present.ts'
import { stoppedWords } from '../../model/words/stopped.ts'
import type { Ports } from '../ports.ts'
import { type RestoredPools, restore } from './restore.ts'

export interface ShortChange extends PoolChange {
  /**
   * What the kernel shows of the memory that the pages were to come from. Empty unless a growth
   * fell short.
   */
  readonly shortage: readonly Shortage[]
}

export interface ChangeResult {
  readonly kind: 'changed'
  readonly outcome: Outcome
  readonly changes: readonly ShortChange[]
  /** The pools as read after the change. */
  readonly pools: readonly Pool[]
  /** What happened. */
  readonly words: readonly string[]
  /** What to do next. */
  readonly hints: readonly string[]
  /** The error that ended the call after something had been changed already. */
  readonly failure?: HugepoolError
  readonly signal?: StopSignal
}

/**
 * The nodes that the pages of a growth were to come from: those named or allowed. Only their memory
 * can explain a shortage.
 */
const growthNodes = (
  { before, plan }: CarriedOut,
  change: PoolChange,
): readonly NodeId[] | undefined => {
  const policy = plan.steps.find(({ size }) => size === change.size)?.policy
  const nodes = change.node === undefined ? policy?.nodes : [change.node]
  const confined = confinedTo(before, change.size)
  return confined === undefined
    ? nodes
    : (nodes ?? confined).filter((node) => confined.includes(node))
}

/**
 * Adds the shortage to a growth that fell short. A growth that a signal or an error ended did not
 * fall short for want of memory, so there is no shortage to explain.
 */
const withShortage = (ports: Ports, carried: CarriedOut, change: PoolChange): ShortChange => {
  const grew = change.attribute === 'persistent' && change.requested > change.before
  const ended = carried.signal !== undefined || carried.failure !== undefined
  const falls = grew && !ended && change.after < change.requested
  const nodes = growthNodes(carried, change)
  return {
    ...change,
    shortage: falls ? readShortage(ports.tree, carried.before, change.size, nodes) : [],
  }
}

const shortageHintsOf = (
  tree: Tree,
  changes: readonly ShortChange[],
  pools: readonly Pool[],
  compacted: boolean,
): readonly string[] => {
  const short = changes.filter(({ shortage }) => shortage.length > 0)
  const explained = short.map(({ size, shortage }) =>
    shortageHints(findPool(pools, size), shortage),
  )
  const advice = short.flatMap(({ size, shortage }) =>
    shortageAdvice(findPool(pools, size), shortage, {
      pools,
      compacted,
      release: readRelease(tree),
    }),
  )
  return [...new Set([...explained.flat(), ...advice])]
}

/** A plan, the options it was carried out with, and how it ended. */
export interface CarriedOut {
  readonly before: Machine
  readonly plan: PoolPlan
  readonly allOrNothing: boolean
  readonly compacted: boolean
  readonly failure: HugepoolError | undefined
  readonly signal: StopSignal | undefined
}

const restoredError = (
  { sizes, short, kept }: RestoredPools,
  { failure, signal }: CarriedOut,
  words: readonly string[],
  hints: readonly string[],
): HugepoolError => {
  const why = failure?.message ?? words.join('; ')
  const after =
    short.length === 0
      ? `put back as before: ${sizes.join(', ')}`
      : `putting back fell short: ${short.join(', ')}`
  const look = short.length === 0 ? [] : ["'hugepool list -N' shows what there is"]
  const hint = [...look, ...(failure?.hint === undefined ? hints : [failure.hint])].join('\n')
  const message = [why, after, ...kept].join('; ')
  return new HugepoolError('E_KERNEL', message, hint === '' ? undefined : hint, signal)
}

/**
 * Reads the machine again and reports what the plan changed. Throws the error that ended the plan
 * where nothing had changed by then. With `allOrNothing`, a partial change is put back, and
 * E_KERNEL is thrown.
 */
export const changeResult = (ports: Ports, carried: CarriedOut): ChangeResult => {
  const { before, plan, allOrNothing, compacted, failure, signal } = carried
  const { pools } = readMachine(ports.tree)
  const changes = changesOf(before, { ...before, pools }, plan).map((change) =>
    withShortage(ports, carried, change),
  )
  const outcome = overallOutcome(changes)
  const words = [
    ...stoppedWords(signal),
    ...changes.flatMap((change) => changeWords(change, findPool(pools, change.size))),
  ]
  if (failure !== undefined && changes.every((change) => change.before === change.after))
    throw failure
  const hints = shortageHintsOf(ports.tree, changes, pools, compacted)
  if (allOrNothing && (outcome === 'partial' || failure !== undefined))
    throw restoredError(restore(ports, before, plan), carried, words, hints)
  return present({
    kind: 'changed',
    outcome,
    changes,
    pools,
    words,
    hints,
    failure,
    signal,
  })
}
