import { HugepoolError, type StopSignal } from '../errors.ts'
import { readShortage } from '../kernel/buddyinfo.ts'
import { readMachine } from '../kernel/machine.ts'
import { type Change, changesOf, type Outcome, outcomeOf, wordsOf } from '../model/change.ts'
import { findPool, type Machine, type Pool } from '../model/machine.ts'
import type { Plan } from '../model/plan.ts'
import { type Shortage, shortageHints } from '../model/shortage.ts'
import type { Ports } from './ports.ts'
import { type Restored, restore } from './restore.ts'

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

/** A growth that was stopped did not fall short of memory: there is nothing to explain. */
const withShortage = (ports: Ports, change: Change, stopped: boolean): ShortChange => {
  const grew = change.attribute === 'persistent' && change.requested > change.before
  const nodes = change.node === undefined ? undefined : [change.node]
  const falls = grew && !stopped && change.after < change.requested
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
  { sizes, short }: Restored,
  words: readonly string[],
  failure: HugepoolError | undefined,
  signal: StopSignal | undefined,
): HugepoolError => {
  const why = failure?.message ?? words.join('; ')
  const [after, hint] =
    short.length === 0
      ? [`put back as before: ${sizes.join(', ')}`]
      : [`putting back fell short: ${short.join(', ')}`, "'hugepool list -N' shows what there is"]
  return new HugepoolError('E_KERNEL', `${why}; ${after}`, hint, signal)
}

/** How the carrying out of a plan ended, and what was asked of it. */
export interface Carried {
  readonly before: Machine
  readonly plan: Plan
  readonly allOrNothing: boolean
  readonly compacted: boolean
  readonly failure: HugepoolError | undefined
  readonly signal: StopSignal | undefined
}

/**
 * Observes again and says what came of a plan. Throws the error that ended it where nothing had
 * changed by then, and E_KERNEL where all of a call was wanted or nothing, after putting it back.
 */
export const conclude = (ports: Ports, carried: Carried): ChangeResult => {
  const { before, plan, allOrNothing, compacted, failure, signal } = carried
  const { pools } = readMachine(ports.tree)
  const changes = changesOf(before, { ...before, pools }, plan).map((change) =>
    withShortage(ports, change, signal !== undefined),
  )
  const outcome = outcomeOf(changes)
  const words = [
    ...(signal === undefined ? [] : [`stopped by ${signal}`]),
    ...changes.flatMap((change) => wordsOf(change, findPool(pools, change.size)) ?? []),
  ]
  if (failure !== undefined && changes.every((change) => change.before === change.after))
    throw failure
  if (allOrNothing && (outcome === 'partial' || failure !== undefined))
    throw restoredError(restore(ports, before, plan), words, failure, signal)
  const hints = hintsOf(changes, pools, compacted)
  return {
    kind: 'changed',
    outcome,
    changes,
    pools,
    words,
    hints,
    ...(failure && { failure }),
    ...(signal && { signal }),
  }
}
