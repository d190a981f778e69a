import {
  type ShownCounters,
  type ShownPool,
  shownCounts,
  shownNodesOf,
} from '../pools/shown-pool.ts'
import type { PageHold } from '../processes/who/page-hold.ts'
import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'

/** What a watch sees of the pools at one moment. */
export interface PoolLook {
  /** The moment by the clock that measures time, in milliseconds. */
  readonly at: number
  /** The moment in milliseconds since 1970, for people, who are shown the time of day. */
  readonly moment: number
  readonly pools: readonly ShownPool[]
  /** Every node of the machine, also those without pools. */
  readonly nodes: readonly NodeId[]
  /** Who holds pages; absent where nobody looked for them. */
  readonly holds?: readonly PageHold[]
  /** Sentences about what was seen, and about what could not be read. */
  readonly remarks: readonly string[]
}

/** The counters by the names that JSON has for them. */
export const watchedCounters = [
  'total',
  'persistent',
  'free',
  'reserved',
  'available',
  'inUse',
  'surplus',
  'overcommit',
] as const
export type WatchedCounter = (typeof watchedCounters)[number]

/** What is known of the counters of a pool, or of its part on a node. */
export interface CountersAt {
  readonly size: PageSize
  /** The node that has this part of the pool; absent for the whole pool. */
  readonly node?: NodeId
  readonly counts: Partial<Readonly<Record<WatchedCounter, Pages>>>
}

const countsOf = (counters: ShownCounters, pool?: ShownPool) => present(shownCounts(counters, pool))

/** Names a pool or its part on a node, so that the same one is found in two looks. */
export const poolNodeKey = (size: PageSize, node?: NodeId): string => `${size}@${node ?? 'all'}`

const gather = ({ pools, nodes }: PoolLook): ReadonlyMap<string, CountersAt> =>
  new Map(
    pools.flatMap((pool) => {
      const { size } = pool
      const byNode = shownNodesOf(pool)
      const parts = nodes.flatMap((node): readonly CountersAt[] => {
        const counters = byNode.get(node)
        return counters === undefined ? [] : [{ size, node, counts: countsOf(counters) }]
      })
      return [{ size, counts: countsOf(pool, pool) }, ...parts].map(
        (counters: CountersAt) => [poolNodeKey(size, counters.node), counters] as const,
      )
    }),
  )

const gathered = new WeakMap<PoolLook, ReadonlyMap<string, CountersAt>>()

/**
 * The counters of every pool and of its part on every node that has it, by `poolNodeKey`. They are gathered
 * once for a look, which does not change and is compared with the one before, the first and the next.
 */
export const countersAt = (look: PoolLook): ReadonlyMap<string, CountersAt> => {
  const known = gathered.get(look) ?? gather(look)
  gathered.set(look, known)
  return known
}
