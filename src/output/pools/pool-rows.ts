import { nodeBar, poolBar } from '../../model/pools/pool-bar.ts'
import {
  type ShownCounters,
  type ShownPool,
  shownAvailable,
  shownInUse,
  shownNodesOf,
  shownPersistent,
} from '../../model/pools/shown-pool.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import { barColumn, type Column, column, onRequest } from '../columns.ts'

/** One line of `list`: a whole pool, or the part of a pool on one node. */
export interface PoolRow {
  readonly pool: ShownPool
  readonly node?: NodeId
  /** The counters; undefined on a node without a directory for the pool. */
  readonly counters: ShownCounters | undefined
}

const nodeRows = (pool: ShownPool, nodes: readonly NodeId[]): readonly PoolRow[] => {
  const byNode = shownNodesOf(pool)
  return nodes.map((node) => ({ pool, node, counters: byNode.get(node) }))
}

export const poolRows = (
  pools: readonly ShownPool[],
  nodes: readonly NodeId[],
): readonly PoolRow[] =>
  pools.flatMap((pool) => [{ pool, counters: pool }, ...nodeRows(pool, nodes)])

/** Reads a value that the kernel counts for the whole pool only. Lines of nodes do not have it. */
const whole =
  <T>(value: (pool: ShownPool) => T) =>
  ({ pool, node }: PoolRow): T | undefined =>
    node === undefined ? value(pool) : undefined

const counted =
  (value: (counters: ShownCounters) => bigint | undefined) =>
  ({ counters }: PoolRow): bigint | undefined =>
    counters && value(counters)

const useBar = ({ pool, node, counters }: PoolRow) => {
  if (node === undefined) return poolBar(pool)
  return counters && nodeBar(pool, counters)
}

const demoteSize = whole(({ demoteSize: bytes }) => (bytes === undefined ? undefined : { bytes }))

export const poolColumns: readonly Column<PoolRow>[] = [
  column('SIZE', 'page size', ({ pool }) => ({ bytes: pool.size }), 'left'),
  // The column is usual only with --per-node. Without lines of nodes it says `all` in every line.
  onRequest(column('NODE', 'NUMA node, or all', ({ node }) => node ?? 'all')),
  column(
    'TOTAL',
    'pages in the pool, surplus included',
    counted(({ total }) => total),
  ),
  onRequest(
    column('PERSISTENT', 'pages asked to be kept: total - surplus', counted(shownPersistent)),
  ),
  column(
    'FREE',
    'pages not handed out',
    counted(({ free }) => free),
  ),
  column(
    'RESERVED',
    'free pages promised to a mapping',
    whole(({ reserved }) => reserved),
  ),
  column('AVAILABLE', 'pages a new mapping can get: free - reserved', whole(shownAvailable)),
  column('IN-USE', 'pages handed out: total - free', counted(shownInUse)),
  column(
    'SURPLUS',
    'pages above persistent, returned when unused',
    counted(({ surplus }) => surplus),
  ),
  onRequest(
    column(
      'OVERCOMMIT',
      'surplus pages that may exist',
      whole(({ overcommit }) => overcommit),
    ),
  ),
  column('MEMORY', 'memory of all pages', ({ pool, counters }) =>
    counters?.total === undefined ? undefined : { bytes: counters.total * pool.size },
  ),
  onRequest(column('DEMOTE-SIZE', 'page size that demote splits into', demoteSize)),
  onRequest(
    column(
      'DEFAULT',
      "whether it is the kernel's default page size",
      whole(({ isDefault }) => isDefault),
      'left',
    ),
  ),
  barColumn('USE', 'a bar: in use, reserved, available, surplus', useBar),
]
