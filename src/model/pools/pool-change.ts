import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { formatSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { present } from '../words/present.ts'
import {
  available,
  type Counters,
  countersOf,
  findPool,
  type Machine,
  type Pool,
  persistent,
} from './machine.ts'
import { type PoolPlan, type PoolSetting, poolName } from './pool-plan.ts'

export type Outcome = 'done' | 'unchanged' | 'partial'

export interface NodeChange {
  readonly node: NodeId
  readonly before: Pages
  readonly after: Pages
}

/** One number that was requested: its value before, the requested value and its value after. */
export interface PoolChange extends PoolSetting {
  readonly before: Pages
  readonly requested: Pages
  readonly after: Pages
  /** The pages that a growth lacks, or that a shrink left. */
  readonly short: Pages
  /** The pages that a shrink could not free because they are in use or reserved. */
  readonly becameSurplus: Pages
  readonly outcome: Outcome
  /** The change on each node, for a change of the whole pool; empty without NUMA. */
  readonly nodes: readonly NodeChange[]
}

/** Returns the present value of a setting. */
export const settingNow = (pool: Pool, setting: PoolSetting): Pages =>
  setting.attribute === 'overcommit'
    ? (pool.overcommit ?? 0n)
    : persistent(countersOf(pool, setting.node))

/**
 * Returns the pages that are missing or left. Older kernels can also give more pages than
 * requested.
 */
const shortOf = (before: Pages, requested: Pages, after: Pages): Pages =>
  atLeastNone(requested < before ? after - requested : requested - after)

const surplusGained = (before: Counters, after: Counters): Pages =>
  atLeastNone(after.surplus - before.surplus)

const spread = (before: Pool, after: Pool): readonly NodeChange[] =>
  after.nodes.map((counters) => ({
    node: counters.node,
    before: persistent(countersOf(before, counters.node)),
    after: persistent(counters),
  }))

/**
 * Compares persistent pages, because a read of nr_hugepages includes surplus pages and a write does
 * not.
 */
const changeOf = (
  was: Pool,
  is: Pool,
  setting: PoolSetting & { readonly requested: Pages },
): PoolChange => {
  const before = settingNow(was, setting)
  const after = settingNow(is, setting)
  const { requested, size, node, attribute } = setting
  const shrank = attribute === 'persistent' && requested < before
  const becameSurplus = shrank ? surplusGained(countersOf(was, node), countersOf(is, node)) : 0n
  const reached = after === requested && becameSurplus === 0n
  return present({
    size,
    node,
    attribute,
    before,
    requested,
    after,
    short: shortOf(before, requested, after),
    becameSurplus,
    outcome: !reached ? 'partial' : before === after ? 'unchanged' : 'done',
    nodes: node === undefined && attribute === 'persistent' ? spread(was, is) : [],
  })
}

/** Returns the changes that a plan made, from the machine before and after it. */
export const changesOf = (before: Machine, after: Machine, plan: PoolPlan): readonly PoolChange[] =>
  plan.settings.map((setting) =>
    changeOf(findPool(before.pools, setting.size), findPool(after.pools, setting.size), setting),
  )

/** Returns `partial` where any change is partial, and `unchanged` only where all are unchanged. */
export const overallOutcome = (changes: readonly { readonly outcome: Outcome }[]): Outcome => {
  const outcomes = changes.map(({ outcome }) => outcome)
  if (outcomes.includes('partial')) return 'partial'
  return outcomes.every((outcome) => outcome === 'unchanged') ? 'unchanged' : 'done'
}

/**
 * Returns the pages that became surplus although nobody uses them. Before 6.16 surplus pages in use
 * on other nodes cause that.
 */
const idleSurplus = ({ becameSurplus, node }: PoolChange, pool: Pool): Pages =>
  fewer(becameSurplus, fewer(available(pool) ?? 0n, countersOf(pool, node).free))

const idleWords = (change: PoolChange, idle: Pages): string => {
  const pages = plural(idle, 'free page', 'free pages')
  const word = (sign: string) =>
    `${formatSize(change.size)}=${change.node === undefined ? '' : `${change.node}:`}${sign}${idle}`
  return (
    `${poolName(change)}: ${pages} became surplus, for this kernel counts surplus in use elsewhere` +
    ` against ${idle === 1n ? 'it' : 'them'}; when that has gone, ${word('+')} and then ${word('-')}` +
    ` ${idle === 1n ? 'free it' : 'free them'}`
  )
}

const heldWords = (change: PoolChange, pool: Pool, pages: Pages): string => {
  const held = (pool.reserved ?? 0n) > 0n ? 'in use or reserved' : 'in use'
  const rest = pages === 1n ? 'it goes when its users end' : 'they go when their users end'
  return `${poolName(change)}: ${plural(pages, 'page is', 'pages are')} still ${held} and became surplus; ${rest}`
}

const surplusWords = (change: PoolChange, pool: Pool): readonly string[] => {
  const idle = idleSurplus(change, pool)
  const held = change.becameSurplus - idle
  return [
    ...(held > 0n ? [heldWords(change, pool, held)] : []),
    ...(idle > 0n ? [idleWords(change, idle)] : []),
  ]
}

const distanceWords = (change: PoolChange): string => {
  const { before, requested, after, short } = change
  const asked = `${poolName(change)}: asked for ${requested}`
  if (after > requested && after > before) return `${asked}, got ${after}: more than asked for`
  return `${asked}, ${requested > before ? 'got' : 'still'} ${after}: ${short} short`
}

/** Describes a partial change; returns nothing where there is nothing to report. */
export const changeWords = (change: PoolChange, pool: Pool): readonly string[] => [
  ...(change.outcome === 'partial' && change.after !== change.requested
    ? [distanceWords(change)]
    : []),
  ...surplusWords(change, pool),
]
