import type { HugepoolError, StopSignal } from '../../errors.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import {
  allowedWords,
  changeWords,
  isHeldBack,
  obstacleWords,
} from '../../model/pools/change-words.ts'
import type { HeldError } from '../../model/pools/held-forecast.ts'
import { leftOutHints, leftOutWords, type PartLeftOut } from '../../model/pools/left-out.ts'
import { findPool, type Machine, type Pool } from '../../model/pools/machine.ts'
import { changesOf, type Outcome, overallOutcome } from '../../model/pools/pool-change.ts'
import type { PoolPlan } from '../../model/pools/pool-plan.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { stoppedWords } from '../../model/words/stopped.ts'
import type { Ports } from '../ports.ts'
import {
  type CarriedOut,
  type ShortChange,
  shortageHintsOf,
  withShortage,
} from './explain-shortage.ts'
import { putBackUnseen, putPoolsBack } from './put-back.ts'

export interface ChangeResult {
  readonly kind: 'changed'
  readonly outcome: Outcome
  readonly changes: readonly ShortChange[]
  /** The sizes whose pages something holds, so that not all could be done. */
  readonly heldSizes: readonly PageSize[]
  /**
   * Whether all was put back, so that `changes` tell what came before that, or nothing was done.
   */
  readonly restored: boolean
  /** The pools as read at the end. */
  readonly pools: readonly Pool[]
  /** What happened. */
  readonly words: readonly string[]
  /** What is worth knowing beside a request that was done. */
  readonly notes: readonly string[]
  /** What to do next. */
  readonly hints: readonly string[]
  /** What was left out or cut, or failed, of a call that keeps going. */
  readonly leftOut: readonly PartLeftOut[]
  /** The error that ended the call after something had been changed already. */
  readonly failure?: HugepoolError
  readonly signal?: StopSignal
}

/** Returns the sizes whose pages something holds, so that a change could not be done. */
const heldSizesOf = (
  changes: readonly ShortChange[],
  pools: readonly Pool[],
): readonly PageSize[] => {
  const held = changes.filter((change) => isHeldBack(change, findPool({ pools }, change.size)))
  return [...new Set(held.map(({ size }) => size))]
}

/** Makes the result of a plan that was refused as a whole before its first step. */
export const refusedResult = (
  machine: Machine,
  plan: PoolPlan,
  failure: HeldError,
): ChangeResult => ({
  kind: 'changed',
  outcome: 'unchanged',
  changes: changesOf(machine, machine, plan).map((change) => ({ ...change, shortage: [] })),
  heldSizes: failure.sizes,
  restored: true,
  pools: machine.pools,
  words: [],
  notes: [],
  hints: [],
  leftOut: [],
  failure,
})

/**
 * Compares the pools. One that cannot be read afterwards is no reason to hide the error that came
 * before.
 */
const changesSeen = ({ before, plan, failures }: CarriedOut, after: Machine) => {
  try {
    return changesOf(before, after, plan)
  } catch (error) {
    throw failures[0]?.error ?? error
  }
}

/** Returns the outcome of changes, of which some may have been left out. */
const changesOutcome = (
  changes: readonly ShortChange[],
  leftOut: readonly PartLeftOut[],
): Outcome => (leftOut.length > 0 ? 'partial' : overallOutcome(changes))

/** Looks at the machine after a plan was carried out, and reports as `resultOf` does. */
export const changeResult = (ports: Ports, carried: CarriedOut): ChangeResult => {
  let after: Machine
  try {
    after = readMachine(ports.tree)
    // A pool that cannot be read is an error where it is asked for.
    changesSeen(carried, after)
  } catch (error) {
    return putBackUnseen(ports, carried, error)
  }
  return resultOf(ports, carried, after)
}

/**
 * Compares the machine with what it was before the plan and reports what the plan changed. Throws
 * the error that ended the plan where nothing had changed by then. With `allOrNothing`, a partial
 * change is put back, and the result has E_KERNEL as its failure.
 */
export const resultOf = (ports: Ports, carried: CarriedOut, after: Machine): ChangeResult => {
  const { allOrNothing, keepGoing, failures, signal } = carried
  const { pools } = after
  const failure = keepGoing ? undefined : failures[0]?.error
  const leftOut = [...(carried.plan.leftOut ?? []), ...(keepGoing ? failures : [])]
  const changes = changesSeen(carried, after).map((change) => withShortage(ports, carried, change))
  if (failure !== undefined && changes.every((change) => change.before === change.after)) {
    for (const { path } of carried.plan.steps) ports.undid?.(path)
    throw failure
  }
  const outcome = changesOutcome(changes, leftOut)
  const restoring = allOrNothing && (outcome === 'partial' || failure !== undefined)
  const describe = restoring ? obstacleWords : changeWords
  const words = [
    ...stoppedWords(signal),
    ...(carried.plan.leftOut ?? []).map(leftOutWords),
    ...(keepGoing ? failures.map(({ error }) => error.message) : []),
    ...changes.flatMap((change) => describe(change, findPool(after, change.size))),
  ]
  const notes = changes.flatMap((change) => allowedWords(change, findPool(after, change.size)))
  const hints = [...leftOutHints(leftOut), ...shortageHintsOf(ports.tree, changes, pools, carried)]
  const heldSizes = heldSizesOf(changes, pools)
  if (restoring) return putPoolsBack(ports, carried, changes, { heldSizes, words, hints })
  return present({
    kind: 'changed',
    outcome,
    changes,
    heldSizes,
    restored: false,
    pools,
    words,
    notes,
    hints,
    leftOut,
    failure,
    signal,
  })
}
