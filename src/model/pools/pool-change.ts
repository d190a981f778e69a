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

/** One number that was asked for: what it was, what it should be, what it is. */
export interface PoolChange extends PoolSetting {
  readonly before: Pages
  readonly requested: Pages
  readonly after: Pages
  /** Pages that are missing of a growth, or left of a shrink. */
  readonly short: Pages
  /** Pages that a shrink could not free because they are in use or reserved. */
  readonly becameSurplus: Pages
  readonly outcome: Outcome
  /** How a change of the whole pool spread over the nodes; empty without NUMA. */
  readonly nodes: readonly NodeChange[]
}

/** What a target's number is now. */
export const settingNow = (pool: Pool, setting: PoolSetting): Pages =>
  setting.attribute === 'overcommit'
    ? (pool.overcommit ?? 0n)
    : persistent(countersOf(pool, setting.node))

/** Pages that are missing, or that should have gone. Older kernels can also give more than asked for. */
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

/** Judges on persistent pages: a read of nr_hugepages includes surplus, a write does not. */
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

/** What came of a plan, from what was seen before and after it. */
export const changesOf = (before: Machine, after: Machine, plan: PoolPlan): readonly PoolChange[] =>
  plan.settings.map((setting) =>
    changeOf(findPool(before.pools, setting.size), findPool(after.pools, setting.size), setting),
  )

/** Partial as soon as one is; unchanged only where all are. */
export const overallOutcome = (changes: readonly { readonly outcome: Outcome }[]): Outcome => {
  const outcomes = changes.map(({ outcome }) => outcome)
  if (outcomes.includes('partial')) return 'partial'
  return outcomes.every((outcome) => outcome === 'unchanged') ? 'unchanged' : 'done'
}

/** Pages that became surplus while nobody has them: before 6.16 surplus in use on other nodes does that. */
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

/** Says a partial change in words; nothing where there is nothing to say. */
export const changeWords = (change: PoolChange, pool: Pool): readonly string[] => [
  ...(change.outcome === 'partial' && change.after !== change.requested
    ? [distanceWords(change)]
    : []),
  ...surplusWords(change, pool),
]
