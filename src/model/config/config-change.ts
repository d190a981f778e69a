import type { HugepoolError } from '../../errors.ts'
import type { Outcome } from '../pools/pool-change.ts'
import { present } from '../words/present.ts'
import {
  type ConfigItem,
  type ItemName,
  type ItemValue,
  isSameItem,
  valueText,
} from './config-item.ts'
import { isAmiss } from './whole-state.ts'

/**
 * One thing of a configuration before and after a call. What is only planned has neither an outcome
 * nor a value afterwards.
 */
export interface ConfigChange extends ItemName {
  readonly key: string
  readonly before?: ItemValue
  readonly requested: ItemValue
  readonly atLeast?: true
  readonly after?: ItemValue
  readonly outcome?: Outcome
  readonly essential: boolean
  /** The error that kept it from being changed. */
  readonly error?: HugepoolError
}

const namedAs = ({ attribute, size, node, target, key, essential }: ConfigItem) => ({
  ...present({ attribute, size, node, target }),
  key,
  essential,
})

/**
 * Returns what is not as wanted, with its value and the one that it should have. What waits for the
 * next start is left out: no call changes it.
 */
export const plannedChanges = (items: readonly ConfigItem[]): readonly ConfigChange[] =>
  items
    .filter(({ state }) => state !== 'ok' && state !== 'next-boot')
    .map((item) => {
      const { found: before, wanted: requested, atLeast } = item
      return { ...namedAs(item), ...present({ before, requested, atLeast }) }
    })

const isSameValue = (one: ItemValue | undefined, other: ItemValue | undefined): boolean =>
  one === undefined || other === undefined ? one === other : valueText(one) === valueText(other)

const itemOutcome = (item: ConfigItem, before: ItemValue | undefined): Outcome => {
  if (item.state !== 'ok') return 'partial'
  return isSameValue(before, item.found) ? 'unchanged' : 'done'
}

/** An error that belongs to an item. */
export interface ItemError extends ItemName {
  readonly error: HugepoolError
}

/**
 * Compares every item with what it was before the call. What waits for the next start is left out.
 */
export const madeChanges = (
  before: readonly ConfigItem[],
  after: readonly ConfigItem[],
  errors: readonly ItemError[],
): readonly ConfigChange[] =>
  after
    .filter(({ state }) => state !== 'next-boot')
    .map((item) => {
      const was = before.find(isSameItem(item))?.found
      const { wanted: requested, atLeast, found } = item
      const values = { before: was, requested, atLeast, after: found }
      const error = errors.find(isSameItem(item))?.error
      return { ...namedAs(item), ...present({ ...values, outcome: itemOutcome(item, was), error }) }
    })

/**
 * Sums up the outcome of a whole call. A lack of what is not essential does not make it partial.
 */
export const configOutcome = (
  items: readonly ConfigItem[],
  changes: readonly ConfigChange[],
): Outcome => {
  if (items.some(isAmiss)) return 'partial'
  return changes.every((change) => isSameValue(change.before, change.after)) ? 'unchanged' : 'done'
}
