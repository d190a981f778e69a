import { ascending, type Bytes } from '../words/bytes.ts'
import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { Policy } from '../words/policy.ts'
import type { Machine, NodePool } from './machine.ts'
import type { ResolvedCount } from './pool-counts.ts'

/** Returns the number of rounds in which every node that still has a free page gives one. */
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
  { allowedNodes }: Machine,
  policy: Policy | undefined,
  { pool, node }: ResolvedCount,
): readonly NodePool[] => {
  if (node !== undefined) return pool.nodes.filter((on) => on.node === node)
  if (policy === undefined) return pool.nodes
  // A cpuset limits the policy, not the pool (mpol_set_nodemask in mm/mempolicy.c).
  const nodes = policy.nodes.filter((id) => allowedNodes?.includes(id) ?? true)
  return pool.nodes.filter((on) => nodes.includes(on.node))
}

/** Returns the pages that a shrink takes from a pool, in use or not. */
const taken = ({ before, requested }: ResolvedCount): Pages =>
  atLeastNone(before - (requested ?? before))

/**
 * Returns the free pages that a shrink may take, after the earlier shrinks of the same pool.
 * Reserved pages stay. Before 6.16 as many pages stay as there are surplus pages, and a page in use
 * that is taken becomes surplus (set_max_huge_pages in mm/hugetlb.c).
 */
const spare = ({ pool, node }: ResolvedCount, resolved: readonly ResolvedCount[]): Pages => {
  const earlier = resolved.filter((one) => one.pool === pool && (one.node ?? -1) < (node ?? -1))
  const reserved = atLeastNone(pool.reserved ?? 0n)
  return earlier.reduce((left, one) => left - taken(one), pool.free - reserved - pool.surplus)
}

const sum = (counts: readonly Pages[]): Pages => counts.reduce((all, count) => all + count, 0n)

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
  for (const one of resolved) {
    const { pool } = one
    const nodes = freeingNodes(machine, policy, one)
    const free = nodes.map((on) => on.free)
    // Without NUMA a pool has no nodes.
    const there = pool.nodes.length > 0 ? sum(free) : pool.free
    const pages = fewer(fewer(taken(one), there), spare(one, resolved))
    if (pages <= 0n) continue
    const certain = certainlyFreed(free, pages)
    add(undefined, pages * pool.size)
    for (const [index, { node }] of nodes.entries()) add(node, (certain[index] ?? 0n) * pool.size)
  }
  return freed
}
