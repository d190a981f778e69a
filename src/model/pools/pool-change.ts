import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { present } from '../words/present.ts'
import {
  type Counters,
  countersOf,
  findPool,
  type Machine,
  type Pool,
  persistent,
} from './machine.ts'
import type { PoolPlan, PoolSetting, RequestedSetting } from './pool-plan.ts'

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
  /** What was asked of the kernel, where the request was cut to what fits. */
  readonly planned?: Pages
  readonly after: Pages
  /** The pages that are missing, or that are more than requested. */
  readonly short: Pages
  /** The pages that a shrink could not free because they are in use or reserved. */
  readonly becameSurplus: Pages
  /** The surplus pages that there are now, whenever they became surplus. */
  readonly surplus: Pages
  /** Those of them that overcommit does not allow: their memory was asked back and has not come. */
  readonly aboveOvercommit: Pages
  readonly outcome: Outcome
  /** The change on each node, for a change of the whole pool; empty without NUMA. */
  readonly nodes: readonly NodeChange[]
}

/** Returns the present value of a setting. */
export const settingNow = (pool: Pool, setting: PoolSetting): Pages =>
  setting.attribute === 'overcommit'
    ? (pool.overcommit ?? 0n)
    : persistent(countersOf(pool, setting.node))

/** Returns the difference between two numbers, whichever is larger. */
const distance = (requested: Pages, after: Pages): Pages =>
  after > requested ? after - requested : requested - after

const surplusGained = (before: Counters, after: Counters): Pages =>
  atLeastNone(after.surplus - before.surplus)

/**
 * Returns the surplus pages of a setting, and those of them that overcommit does not allow. The
 * kernel has one overcommit for a pool, so all pages above it may be on the one node.
 */
const surplusNow = (pool: Pool, { attribute, node }: PoolSetting) => {
  if (attribute === 'overcommit') return { surplus: 0n, aboveOvercommit: 0n }
  const { surplus } = countersOf(pool, node)
  const above = atLeastNone(pool.surplus - (pool.overcommit ?? 0n))
  return { surplus, aboveOvercommit: fewer(surplus, above) }
}

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
  setting: RequestedSetting,
  isWritten: boolean,
): PoolChange => {
  const before = settingNow(was, setting)
  const after = settingNow(is, setting)
  const { requested, planned, size, node, attribute } = setting
  const shrank = attribute === 'persistent' && requested < before
  const becameSurplus = shrank ? surplusGained(countersOf(was, node), countersOf(is, node)) : 0n
  const left = surplusNow(is, setting)
  // The counters of now decide, so that a request that is repeated has the same answer.
  const reached = after === requested && left.aboveOvercommit === 0n
  return present({
    size,
    node,
    attribute,
    before,
    requested,
    planned,
    after,
    short: distance(requested, after),
    becameSurplus,
    ...left,
    outcome: !reached ? 'partial' : before === after && !isWritten ? 'unchanged' : 'done',
    nodes: node === undefined && attribute === 'persistent' ? spread(was, is) : [],
  })
}

/** Returns the changes that a plan made, from the machine before and after it. */
export const changesOf = (before: Machine, after: Machine, plan: PoolPlan): readonly PoolChange[] =>
  plan.settings.map((setting) =>
    changeOf(
      findPool(before, setting.size),
      findPool(after, setting.size),
      setting,
      plan.steps.some(
        ({ size, node, convertsSurplus }) =>
          size === setting.size &&
          (node === setting.node || (node === undefined && !convertsSurplus)),
      ),
    ),
  )

/** Returns `partial` where any change is partial, and `unchanged` only where all are unchanged. */
export const overallOutcome = (changes: readonly { readonly outcome: Outcome }[]): Outcome => {
  const outcomes = changes.map(({ outcome }) => outcome)
  if (outcomes.includes('partial')) return 'partial'
  return outcomes.every((outcome) => outcome === 'unchanged') ? 'unchanged' : 'done'
}
