import type { ShownNodePool, ShownPool } from '../../src/model/pools/shown-pool.ts'
import type { PoolLook } from '../../src/model/telemetry/pool-look.ts'
import { M } from './sizes.ts'

/** The part of a pool on a node. */
export const nodePart = (
  node: number,
  total: bigint,
  free: bigint,
  surplus = 0n,
): ShownNodePool => ({ node, total, free, surplus })

/** A pool that a watch saw: of 2M pages, all of which are free, but for what is given. */
export const seenPool = (given: Partial<ShownPool> = {}): ShownPool => ({
  size: 2n * M,
  isDefault: true,
  total: 100n,
  free: 100n,
  surplus: 0n,
  reserved: 0n,
  overcommit: 0n,
  nodes: [],
  settled: true,
  ...given,
})

/** A look at pools so many milliseconds after the first, on the nodes that they are on. */
export const lookAt = (
  at: number,
  pools: readonly ShownPool[],
  given: Partial<PoolLook> = {},
): PoolLook => ({
  at,
  moment: Date.UTC(2026, 0, 1) + at,
  pools,
  nodes: [...new Set(pools.flatMap(({ nodes }) => nodes.map(({ node }) => node)))],
  remarks: [],
  ...given,
})
