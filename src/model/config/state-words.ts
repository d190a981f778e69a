import { plural } from '../words/plural.ts'
import type { ConfigChange } from './config-change.ts'
import { type ConfigItem, type ItemValue, itemText, valueText } from './config-item.ts'
import { isAmiss } from './whole-state.ts'

/** Says in a sentence how a machine compares with its configuration. */
export const stateWords = (items: readonly ConfigItem[]): string => {
  const amiss = items.filter(isAmiss).length
  const lacking = items.some(({ state }) => state !== 'ok' && state !== 'next-boot')
  const waits = items.some(({ state }) => state === 'next-boot')
  if (amiss === 0)
    return `${lacking ? 'all that is essential' : 'the machine'} is as the configuration wants it${waits ? ', but for what only another start brings' : ''}`
  return amiss === items.length
    ? 'nothing is as the configuration wants it'
    : `${amiss} of ${plural(items.length, 'thing')} that the configuration wants ${amiss === 1 ? 'is' : 'are'} not so`
}

const isNone = (value: ItemValue | undefined): boolean =>
  value !== undefined && valueText(value) === '0'

/** Tells whether a node has no pages, had none and is to have none: its pool is on other nodes. */
const isIdleNode = ({ node, before, requested, after }: ConfigChange): boolean =>
  node !== undefined && [before, requested, after].every(isNone)

/** Says for the journal what every pool has, a line for each pool or for each of its nodes. */
export const poolLinesOfStart = (changes: readonly ConfigChange[]): readonly string[] =>
  changes
    .filter(({ attribute }) => attribute === 'persistent')
    .filter((change, _, all) => {
      const its = all.filter(({ size }) => size === change.size)
      return !isIdleNode(change) || its.every(isIdleNode)
    })
    .map((change) => {
      const has = change.after === undefined ? 'none' : valueText(change.after)
      const least = change.atLeast ? 'at least ' : ''
      return `${itemText(change)}: ${has} of ${least}${valueText(change.requested)} ${change.requested === 1n ? 'page' : 'pages'}`
    })

/** Says that nobody has configured the machine, which therefore is as it should be. */
export const noConfiguration =
  'there is no configuration: neither /etc/hugepool.toml nor a file of hugepool.d'

/** Tells whether it could not be seen what there is of an item. */
export const isUntold = (item: ConfigItem): boolean => isAmiss(item) && item.state === 'unknown'
