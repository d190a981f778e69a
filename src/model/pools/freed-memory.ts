import { ascending, type Bytes } from '../words/bytes.ts'
import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { Policy } from '../words/policy.ts'
import { sum } from '../words/sum.ts'
import { availableNow, type Machine, type NodePool, type Pool } from './machine.ts'
import type { ResolvedCount } from './pool-counts.ts'
import { policyNodes } from './surplus-conversion.ts'

/**
 * Returns the number of complete rounds that take `pages`. In a round every node that still has a
 * free page gives one.
 */
const wholeRounds = (free: readonly Pages[], pages: Pages): Pages => {
  const fewestFirst = [...free].sort(ascending)
  let rounds = 0n
  let left = pages
  for (const [index, has] of fewestFirst.entries()) {
    const giving = BigInt(fewestFirst.length - index)
    const untilEmpty = (has - rounds) * giving
    if (left < untilEmpty) return rounds + left / giving
    rounds = has
    left -= untilEmpty
  }
  return rounds
}

/**
 * Returns the number of pages that each node certainly gives when `pages` of the free pages are
 * removed. The kernel takes one page from each node that has any, in turn, and begins where its
 * last round ended (remove_pool_hugetlb_folio in mm/hugetlb.c). No file shows that place, so an
 * incomplete last round can leave out any node.
 */
export const certainlyFreed = (free: readonly Pages[], pages: Pages): readonly Pages[] => {
  const rounds = wholeRounds(free, pages)
  return free.map((has) => fewer(has, rounds))
}

/** Returns the nodes on which a shrink frees pages. */
const freeingNodes = (
  machine: Machine,
  policy: Policy | undefined,
  { pool, node }: ResolvedCount,
): readonly NodePool[] => {
  if (node !== undefined) return pool.nodes.filter((on) => on.node === node)
  if (policy === undefined) return pool.nodes
  // A cpuset limits the policy, not the pool.
  const nodes = policyNodes(machine, policy)
  return pool.nodes.filter((on) => nodes.includes(on.node))
}

/** Returns the pages that a shrink takes from a pool, in use or not. */
const taken = ({ before, requested }: ResolvedCount): Pages =>
  atLeastNone(before - (requested ?? before))

/** A shrink: the nodes whose free pages it takes, and how many of these pages it takes at most. */
interface Shrink {
  readonly pool: Pool
  readonly nodes: readonly NodePool[]
  readonly pages: Pages
}

/**
 * Returns the pages that a shrink certainly frees. Reserved pages stay, and no file shows on which
 * nodes they are, so the other shrinks of the pool may get all that they ask for before this one.
 * Surplus keeps no free page in the pool: where it would, it becomes persistent first.
 */
const certainPages = ({ pool, pages }: Shrink, shrinks: readonly Shrink[]): Pages => {
  const all = sum(shrinks.filter((one) => one.pool === pool).map((one) => one.pages))
  return atLeastNone(fewer(pages, availableNow(pool) - (all - pages)))
}

/**
 * Returns the memory that shrinks give back: to each node what it certainly gets, and to the
 * machine as a whole all of it.
 */
export const freedByNode = (
  machine: Machine,
  policy: Policy | undefined,
  resolved: readonly ResolvedCount[],
): ReadonlyMap<NodeId | undefined, Bytes> => {
  const freed = new Map<NodeId | undefined, Bytes>()
  const add = (node: NodeId | undefined, bytes: Bytes) =>
    freed.set(node, (freed.get(node) ?? 0n) + bytes)
  const shrinks = resolved.map((one): Shrink => {
    const nodes = freeingNodes(machine, policy, one)
    // Without NUMA a pool has no nodes.
    const there = one.pool.nodes.length > 0 ? sum(nodes.map(({ free }) => free)) : one.pool.free
    return { pool: one.pool, nodes, pages: fewer(taken(one), there) }
  })
  for (const shrink of shrinks) {
    const { pool, nodes } = shrink
    const certain = certainlyFreed(
      nodes.map(({ free }) => free),
      certainPages(shrink, shrinks),
    )
    for (const [index, { node }] of nodes.entries()) add(node, (certain[index] ?? 0n) * pool.size)
  }
  for (const pool of new Set(shrinks.map((one) => one.pool))) {
    const pages = sum(shrinks.filter((one) => one.pool === pool).map((one) => one.pages))
    add(undefined, fewer(pages, availableNow(pool)) * pool.size)
  }
  return freed
}
