import type { PartLeftOut } from '../pools/left-out.ts'
import { countersOf, findPool, type Machine, type Pool } from '../pools/machine.ts'
import { settingNow } from '../pools/pool-change.ts'
import type { PoolPlan, RequestedSetting } from '../pools/pool-plan.ts'
import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { plural } from '../words/plural.ts'
import { present } from '../words/present.ts'
import { type ConfigItem, type ItemValue, refusalKeys } from './config-item.ts'
import type { ConfiguredPool } from './configuration.ts'
import { configuredCount, poolKey } from './configured-assignments.ts'
import { countValue, pagesValue } from './print-words.ts'

type Attribute = RequestedSetting['attribute']

const attributeKeys = { persistent: 'pages', overcommit: 'overcommit' } as const

/** Tells whether a part that a plan leaves out is this setting. */
const isOf =
  ({ size, node }: RequestedSetting) =>
  (one: PartLeftOut): boolean =>
    one.size === size && one.node === node

/**
 * Tells of surplus pages above overcommit that are in use. They leave the pool by themselves, so
 * that the persistent pages are as wanted.
 */
const surplusWhy = (pool: Pool, node: NodeId | undefined): string | undefined => {
  const above = atLeastNone(pool.surplus - (pool.overcommit ?? 0n))
  const pages = fewer(countersOf(pool, node).surplus, above)
  return pages === 0n
    ? undefined
    : `${plural(pages, 'surplus page is', 'surplus pages are')} still in use, and more than overcommit allows`
}

const distanceWhy = (found: Pages, wanted: Pages): string =>
  found < wanted ? `${wanted - found} fewer than wanted` : `${found - wanted} more than wanted`

/**
 * Returns the number that a file wants of a setting. For a pool that may have more, the plan has
 * what there is instead.
 */
const wantedOf = (
  { pages }: ConfiguredPool,
  { size, node, attribute, requested }: RequestedSetting,
): { readonly wanted: Pages; readonly atLeast?: true } => {
  if (attribute === 'overcommit' || !pages?.atLeast) return { wanted: requested }
  const { counts } = pages
  const count = 'kind' in counts ? counts : counts.find((one) => one.node === node)?.count
  return {
    wanted: count === undefined ? requested : configuredCount(count, { size }),
    atLeast: true,
  }
}

const settingItem = (
  machine: Machine,
  configured: ConfiguredPool,
  setting: RequestedSetting,
  leftOut: PartLeftOut | undefined,
): ConfigItem => {
  const { size, node, attribute, requested } = setting
  const pool = findPool(machine, size)
  const found = settingNow(pool, setting)
  const value = wantedOf(configured, setting)
  const named = {
    attribute,
    size,
    node,
    key: poolKey(size, attributeKeys[attribute]),
    ...value,
    found,
  }
  const { essential } = configured
  if (found === requested) {
    const why = attribute === 'persistent' ? surplusWhy(pool, node) : undefined
    return present({ ...named, essential, state: 'ok' as const, why })
  }
  const error = leftOut?.error
  const keys =
    error === undefined
      ? { state: 'drift' as const, why: distanceWhy(found, value.wanted) }
      : refusalKeys(error)
  return present({
    ...named,
    essential,
    ...keys,
    possible: error && (leftOut.planned ?? found),
    lacks: found < value.wanted ? true : undefined,
    planned: error === undefined ? true : undefined,
  })
}

/** Returns what a file wants of a part of a pool that the machine lacks. */
const wantedOfMissing = (
  { pages, overcommit }: ConfiguredPool,
  attribute: Attribute,
  { requested }: PartLeftOut,
): ItemValue => {
  const typed =
    attribute === 'overcommit' ? overcommit && countValue(overcommit) : pages && pagesValue(pages)
  return requested ?? typed ?? ''
}

/** An optional item is left out for these reasons. */
const optionalReasons: readonly string[] = ['no-size', 'no-node', 'no-hugetlb']

const isSkipped = ({ optional }: ConfiguredPool, { error }: PartLeftOut): boolean =>
  optional && optionalReasons.includes(error.reason)

/**
 * Returns a plan without mention of the optional parts that it leaves out: nobody has to hear of
 * them.
 */
export const withoutOptional = (
  plan: PoolPlan,
  configured: readonly ConfiguredPool[],
): PoolPlan => ({
  ...plan,
  leftOut: (plan.leftOut ?? []).filter(
    (one) => !configured.some((pool) => pool.size === one.size && isSkipped(pool, one)),
  ),
})

const missingItem = (
  configured: ConfiguredPool,
  attribute: Attribute,
  one: PartLeftOut,
): ConfigItem => {
  const { size, essential } = configured
  const { node, error } = one
  const skipped = isSkipped(configured, one)
  const key = poolKey(size, attributeKeys[attribute])
  const wanted = wantedOfMissing(configured, attribute, one)
  const named = present({ attribute, size, node, key, wanted, essential })
  return skipped
    ? { ...named, state: 'ok', why: `optional: ${error.message}` }
    : { ...named, ...refusalKeys(error), lacks: true }
}

/** Compares the persistent pages or the overcommit of pools with what a plan has for them. */
export const poolItems = (
  machine: Machine,
  configured: readonly ConfiguredPool[],
  attribute: Attribute,
  { settings, leftOut = [] }: Pick<PoolPlan, 'settings' | 'leftOut'>,
): readonly ConfigItem[] =>
  configured.flatMap((pool) => {
    const its = settings.filter(({ size }) => size === pool.size)
    const partsLeftOut = leftOut.filter(({ size }) => size === pool.size)
    const missing = partsLeftOut.filter((one) => !its.some((setting) => isOf(setting)(one)))
    return [
      ...its.map((setting) =>
        settingItem(machine, pool, setting, partsLeftOut.find(isOf(setting))),
      ),
      ...missing.map((one) => missingItem(pool, attribute, one)),
    ]
  })
