import { type HugepoolError, type StopSignal, throwAll } from '../../errors.ts'
import { readPageSizes, readPools } from '../../kernel/pools/pools.ts'
import {
  type ConfigChange,
  configOutcome,
  type ItemError,
  madeChanges,
} from '../../model/config/config-change.ts'
import { type ConfigItem, isSameItem } from '../../model/config/config-item.ts'
import type { DesiredPlan } from '../../model/config/desired-plan.ts'
import type { UnnamedMount } from '../../model/config/recorded-mount.ts'
import { amissWords } from '../../model/config/refuse-unless-all.ts'
import { isAmiss, type WholeState, wholeState } from '../../model/config/whole-state.ts'
import type { Pool } from '../../model/pools/machine.ts'
import type { Outcome } from '../../model/pools/pool-change.ts'
import { present } from '../../model/words/present.ts'
import { stoppedWords } from '../../model/words/stopped.ts'
import type { Ports } from '../ports.ts'
import type { CarriedOutDesired, CarriedPools } from './carry-out-desired.ts'
import { type ConfigFiles, filesOf } from './check-configuration.ts'
import { putBackDesired } from './put-back-desired.ts'
import { type Desired, readDesiredPlan } from './read-desired.ts'

export interface ApplyResult extends ConfigFiles {
  readonly kind: 'applied'
  readonly outcome: Outcome
  readonly state: WholeState
  /** Everything as it is afterwards. */
  readonly items: readonly ConfigItem[]
  readonly changes: readonly ConfigChange[]
  readonly unnamed: readonly UnnamedMount[]
  /** The pools as read at the end. */
  readonly pools: readonly Pool[]
  /** Whether all was put back, so that `changes` tell what came before that. */
  readonly restored: boolean
  readonly words: readonly string[]
  readonly hints: readonly string[]
  readonly failure?: HugepoolError
  readonly signal?: StopSignal
}

/** A plan, and what came of it. */
export interface AppliedPlan {
  readonly plan: DesiredPlan
  readonly carried: CarriedOutDesired
  readonly unnamed: readonly UnnamedMount[]
  readonly allOrNothing: boolean
  /** Hints that name those who hold pages. */
  readonly holders: readonly string[]
}

/**
 * Returns the errors of pools: one for each number that an error kept from being changed, or one
 * for a pool or node that is not there.
 */
const poolErrors = (
  part: CarriedPools | undefined,
  attribute: 'persistent' | 'overcommit',
): readonly ItemError[] =>
  (part?.result.leftOut ?? []).flatMap(({ size, node, error }) => {
    // A configuration names every size, and none as the default.
    if (typeof size !== 'bigint') return []
    const kept = (part?.result.changes ?? []).filter(
      (change) => change.size === size && (node ?? change.node) === change.node,
    )
    const ofNodes = kept.length > 0 ? kept : [{ node }]
    return ofNodes.map((each) => present({ attribute, size, node: each.node, error }))
  })

const isOfPool = ({ attribute }: ConfigItem): boolean =>
  attribute === 'persistent' || attribute === 'overcommit'

/** Items that are not as wanted, of which neither the pools nor an error of their own tells. */
const untold = (items: readonly ConfigItem[], errors: readonly ItemError[]) =>
  items.filter((item) => isAmiss(item) && !isOfPool(item) && !errors.some(isSameItem(item)))

const appliedWords = (
  { carried, unnamed }: AppliedPlan,
  items: readonly ConfigItem[],
): readonly string[] => {
  const { pages, overcommit, errors, signal } = carried
  const ofPools = [pages, overcommit].flatMap((part) => part?.result.words ?? [])
  return [
    ...new Set([
      ...stoppedWords(signal),
      ...ofPools,
      ...errors.map(({ error }) => error.message),
      ...untold(items, errors).map(amissWords),
      ...unnamed.flatMap(({ error }) => error?.message ?? []),
    ]),
  ]
}

const appliedHints = (
  { carried, unnamed, holders }: AppliedPlan,
  items: readonly ConfigItem[],
): readonly string[] => {
  const { pages, overcommit, errors } = carried
  const told = [...errors, ...unnamed].flatMap(({ error }) => error?.hint?.split('\n') ?? [])
  return [
    ...new Set([
      ...holders,
      ...[pages, overcommit].flatMap((part) => part?.result.hints ?? []),
      ...told,
      ...untold(items, errors).flatMap(({ hints = [] }) => hints),
    ]),
  ]
}

const poolsNow = ({ tree }: Ports): readonly Pool[] =>
  readPageSizes(tree).length === 0 ? [] : readPools(tree, true).pools

/**
 * Throws where nothing was changed: the error that ended the call, or else the errors for want of a
 * right.
 */
const throwUnlessChanged = (
  { carried: { errors, failure }, unnamed }: AppliedPlan,
  outcome: Outcome,
  changes: readonly ConfigChange[],
): void => {
  const changed = changes.some((change) => change.outcome === 'done')
  if (changed || outcome !== 'partial' || unnamed.some(({ isPruned }) => isPruned)) return
  if (failure !== undefined) throw failure
  const denied = errors.filter(({ error }) => error.code === 'E_PERMISSION')
  throwAll(denied.map(({ error }) => error))
}

const appliedOutcome = (
  { carried: { failure, signal }, unnamed }: AppliedPlan,
  items: readonly ConfigItem[],
  changes: readonly ConfigChange[],
): Outcome => {
  const isCut = failure !== undefined || signal !== undefined
  if (isCut || unnamed.some(({ error }) => error !== undefined)) return 'partial'
  const outcome = configOutcome(items, changes)
  return outcome === 'unchanged' && unnamed.some(({ isPruned }) => isPruned) ? 'done' : outcome
}

/** Reads the state after everything was put back. The error says what could not be. */
const afterPuttingBack = (ports: Ports, desired: Desired, failure: HugepoolError) => {
  const { items } = readDesiredPlan(ports.tree, desired)
  const outcome: Outcome = failure.reason === 'put-back' ? 'unchanged' : 'partial'
  return {
    outcome,
    state: wholeState(items),
    items,
    pools: poolsNow(ports),
    restored: true,
    words: [],
    hints: [],
  }
}

/** Looks at everything once more after a plan was carried out, and tells what came of it. */
export const applyResult = (ports: Ports, desired: Desired, applied: AppliedPlan): ApplyResult => {
  const { carried, plan, unnamed, allOrNothing } = applied
  const { pages, overcommit, signal, failure } = carried
  const { items } = readDesiredPlan(ports.tree, desired)
  const errors = [
    ...carried.errors,
    ...poolErrors(pages, 'persistent'),
    ...poolErrors(overcommit, 'overcommit'),
  ]
  const changes = madeChanges(plan.items, items, errors)
  const outcome = appliedOutcome(applied, items, changes)
  throwUnlessChanged(applied, outcome, changes)
  const words = appliedWords(applied, items)
  const hints = appliedHints(applied, items)
  const result = {
    kind: 'applied' as const,
    ...filesOf(desired.configuration),
    changes,
    unnamed,
    signal,
  }
  if (allOrNothing && outcome === 'partial') {
    const why = failure === undefined ? words : [failure.message]
    const error = putBackDesired(ports, carried, why, hints)
    return present({ ...result, ...afterPuttingBack(ports, desired, error), failure: error })
  }
  const state = wholeState(items)
  const pools = poolsNow(ports)
  return present({
    ...result,
    outcome,
    state,
    items,
    pools,
    words,
    hints,
    failure,
    restored: false,
  })
}
