import { inUse, type Pool, persistent } from '../../model/pools/machine.ts'
import {
  type ShownCounters,
  type ShownPool,
  shownCounts,
  shownNodesOf,
} from '../../model/pools/shown-pool.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import type { PoolDocument, ShownPoolDocument } from '../schemas/documents.ts'

const countersDocument = (counters: ShownCounters, size: bigint, pool?: ShownPool) => ({
  ...shownCounts(counters, pool),
  memory: counters.total === undefined ? undefined : counters.total * size,
  demoteSize: pool?.demoteSize,
})

const nodePoolsDocument = (pool: ShownPool, nodes: readonly NodeId[]) => {
  const byNode = shownNodesOf(pool)
  return nodes.map((node) => {
    const counters = byNode.get(node)
    const document = counters && countersDocument(counters, pool.size)
    return { node, ...document }
  })
}

/**
 * Returns a pool in the form of `list`, where some of its counters may be unknown. `nodes` are the
 * nodes to list, including those without a directory for the pool.
 */
const shownPoolDocument = (pool: ShownPool, nodes: readonly NodeId[]): ShownPoolDocument => ({
  pageSize: pool.size,
  default: pool.isDefault,
  ...countersDocument(pool, pool.size, pool),
  onlyInProc: pool.onlyInProc,
  nodes: nodes.length > 0 ? nodePoolsDocument(pool, nodes) : undefined,
  notUnderstood: pool.faulty?.map(({ path }) => path),
})

export const shownPoolsDocument = (
  pools: readonly ShownPool[],
  nodes: readonly NodeId[],
): readonly ShownPoolDocument[] => pools.map((pool) => shownPoolDocument(pool, nodes))

/** Returns a pool in the form that all other JSON documents use. */
export const poolDocument = (pool: Pool, nodes: readonly NodeId[]): PoolDocument => {
  const { notUnderstood, ...shown } = shownPoolDocument(pool, nodes)
  const { total, free, surplus } = pool
  const counted = { total, free, surplus, persistent: persistent(pool), inUse: inUse(pool) }
  return { ...shown, ...counted, memory: total * pool.size }
}

export const poolsDocument = (
  pools: readonly Pool[],
  nodes?: readonly NodeId[],
): readonly PoolDocument[] =>
  pools.map((pool) => poolDocument(pool, nodes ?? pool.nodes.map(({ node }) => node)))
