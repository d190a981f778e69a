import { refused } from '../../errors.ts'
import { hintText } from '../etc/hint-text.ts'
import { type ConfigItem, itemText } from './config-item.ts'
import { isAmiss } from './whole-state.ts'

/** Says of an item that it is not as wanted. Some reasons begin with its name already. */
export const amissWords = (item: ConfigItem): string => {
  const { why = 'is not as wanted' } = item
  const name = itemText(item)
  return why.startsWith(`${name}: `) ? why : `${name}: ${why}`
}

/**
 * Finds the items that are not as wanted and that the plan will not make so, as far as is known.
 */
const beyondPlan = (items: readonly ConfigItem[]): readonly ConfigItem[] =>
  items.filter((item) => isAmiss(item) && item.planned !== true)

/** Throws E_REFUSED where a plan that is to be done in full is known to fall short. */
export const refuseUnlessAll = (items: readonly ConfigItem[]): void => {
  const beyond = beyondPlan(items)
  const [first] = beyond
  if (first === undefined) return
  const hints = new Set(beyond.flatMap((item) => item.hints ?? []))
  throw refused(
    first.reason ?? 'short',
    `${beyond.map(amissWords).join('; ')}; nothing was changed`,
    hintText([...hints]),
  )
}
