import {
  available,
  type Counters,
  inUse,
  nodePoolsOf,
  type Pool,
  persistent,
} from '../../model/pools/machine.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import type { PoolDocument } from '../schemas/documents.ts'

const countersDocument = (counters: Counters, size: bigint, pool?: Pool) => ({
  total: counters.total,
  persistent: persistent(counters),
  free: counters.free,
  reserved: pool?.reserved,
  available: pool && available(pool),
  inUse: inUse(counters),
  surplus: counters.surplus,
  overcommit: pool?.overcommit,
  memory: counters.total * size,
  demoteSize: pool?.demoteSize,
})

const nodePoolsDocument = (pool: Pool, nodes: readonly NodeId[]) => {
  const byNode = nodePoolsOf(pool)
  return nodes.map((node) => {
    const counters = byNode.get(node)
    const document = counters && countersDocument(counters, pool.size)
    return { node, ...document }
  })
}

/**
 * Returns a pool in the form that all JSON documents use. `nodes` are the nodes to list, including
 * those without a directory for the pool.
 */
export const poolDocument = (pool: Pool, nodes: readonly NodeId[]): PoolDocument => ({
  pageSize: pool.size,
  default: pool.isDefault,
  ...countersDocument(pool, pool.size, pool),
  onlyInProc: pool.onlyInProc,
  nodes: nodes.length > 0 ? nodePoolsDocument(pool, nodes) : undefined,
})

export const poolsDocument = (
  pools: readonly Pool[],
  nodes?: readonly NodeId[],
): readonly PoolDocument[] =>
  pools.map((pool) => poolDocument(pool, nodes ?? pool.nodes.map(({ node }) => node)))
