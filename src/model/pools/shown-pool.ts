import { atLeastNone, type Pages } from '../words/count.ts'
import { formatSize } from '../words/page-size.ts'
import type { Counters, NodePool, Pool } from './machine.ts'

/** Counters of which some may not be known. */
export type ShownCounters = Partial<Counters>

export type ShownNodePool = Pick<NodePool, 'node'> & ShownCounters

/** An attribute that could not be read, or that holds no number, and an error that says so. */
export interface FaultyAttribute {
  readonly path: string
  readonly message: string
}

/** A pool as far as it could be read. What could not be read is absent, and never 0. */
export type ShownPool = Omit<Pool, keyof Counters | 'nodes'> &
  ShownCounters & {
    readonly nodes: readonly ShownNodePool[]
    /** Absent where all attributes could be read. */
    readonly faulty?: readonly FaultyAttribute[]
  }

const difference = (from: Pages | undefined, less: Pages | undefined): Pages | undefined =>
  from === undefined || less === undefined ? undefined : from - less

export const shownPersistent = ({ total, surplus }: ShownCounters): Pages | undefined =>
  difference(total, surplus)

export const shownInUse = ({ total, free }: ShownCounters): Pages | undefined =>
  difference(total, free)

/**
 * Returns the available pages by the rules of `available`; undefined where a counter is unknown.
 */
export const shownAvailable = ({ free, reserved }: ShownPool): Pages | undefined => {
  const left = difference(free, reserved === undefined ? undefined : atLeastNone(reserved))
  return left === undefined ? undefined : atLeastNone(left)
}

/**
 * Returns all counts of pages. `pool` is absent for its part on a node, where the kernel counts
 * neither reservations nor overcommit.
 */
export const shownCounts = (counters: ShownCounters, pool?: ShownPool) => ({
  total: counters.total,
  persistent: shownPersistent(counters),
  free: counters.free,
  reserved: pool?.reserved,
  available: pool && shownAvailable(pool),
  inUse: shownInUse(counters),
  surplus: counters.surplus,
  overcommit: pool?.overcommit,
})

/** Returns the counters of a pool by the id of the node, for tables and documents of many nodes. */
export const shownNodesOf = (pool: ShownPool): ReadonlyMap<number, ShownNodePool> =>
  new Map(pool.nodes.map((on) => [on.node, on]))

/** Whether all attributes of a pool could be read. */
export const isReadWhole = ({ faulty }: ShownPool): boolean => faulty === undefined

/** Names each attribute at fault and what it holds. */
export const faultyWords = ({ size, faulty = [] }: ShownPool): readonly string[] =>
  faulty.map(({ message }) => `${formatSize(size)}: ${message}`)

/** Whether any counter of a pool could be read. */
export const showsCounters = ({ total, free, surplus, nodes, ...pool }: ShownPool): boolean =>
  [total, free, surplus, pool.reserved, pool.overcommit].some((value) => value !== undefined) ||
  nodes.some((on) => Object.keys(on).length > 1)
