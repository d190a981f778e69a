import {
  type ShownCounters,
  type ShownPool,
  shownAvailable,
  shownPersistent,
} from '../pools/shown-pool.ts'
import type { Pages } from '../words/count.ts'
import { inPagesAndBytes, type MetricFamily, sizeLabel } from './metric-family.ts'
import type { MetricsFacts } from './metrics-facts.ts'

/** A count that the kernel has for a pool and for its part on a node. */
interface NodeCounter {
  readonly word: string
  readonly help: string
  readonly of: (counters: ShownCounters) => Pages | undefined
}

/** A count that the kernel has for a whole pool only. */
interface PoolCounter extends Pick<NodeCounter, 'word' | 'help'> {
  readonly of: (pool: ShownPool) => Pages | undefined
}

const partCounts: readonly NodeCounter[] = [
  { word: 'total', help: 'in the pool, surplus included', of: ({ total }) => total },
  {
    word: 'persistent',
    help: 'that the administrator asked to keep: total - surplus',
    of: shownPersistent,
  },
  { word: 'free', help: 'in the pool that are not handed out', of: ({ free }) => free },
  {
    word: 'surplus',
    help: 'above persistent, returned when unused',
    of: ({ surplus }) => surplus,
  },
]

const poolCounts: readonly PoolCounter[] = [
  {
    word: 'reserved',
    help: 'promised to a mapping and not yet faulted in, counted in free; below zero where the counter of the kernel is',
    of: ({ reserved }) => reserved,
  },
  {
    word: 'available',
    help: 'that a new mapping can still get: free - reserved',
    of: shownAvailable,
  },
  {
    word: 'overcommit',
    help: 'of surplus that may exist',
    of: ({ overcommit }) => overcommit,
  },
]

const onPools = ({ word, help, of }: PoolCounter): readonly MetricFamily[] =>
  inPagesAndBytes(
    { name: `hugepool_pool_${word}`, help, labels: ['pagesize'] },
    ({ pools }: MetricsFacts) =>
      pools.map((pool) => ({ labels: sizeLabel(pool.size), size: pool.size, pages: of(pool) })),
  )

const onNodes = ({ word, help, of }: NodeCounter): readonly MetricFamily[] =>
  inPagesAndBytes(
    {
      name: `hugepool_node_${word}`,
      help: `on the NUMA node ${help}`,
      labels: ['pagesize', 'node'],
    },
    ({ pools }: MetricsFacts) =>
      pools.flatMap(({ size, nodes }) =>
        nodes.map((part) => ({
          labels: { ...sizeLabel(size), node: `${part.node}` },
          size,
          pages: of(part),
        })),
      ),
  )

/**
 * The counters of pools and of their parts on nodes. They are different families, because a sum over
 * one family must count every page once.
 */
export const poolMetrics: readonly MetricFamily[] = [
  {
    name: 'hugepool_page_size_bytes',
    type: 'gauge',
    unit: 'bytes',
    help: 'Bytes of one page of the pool.',
    labels: ['pagesize'],
    samples: ({ pools }) => pools.map(({ size }) => ({ labels: sizeLabel(size), value: size })),
  },
  ...partCounts.flatMap(onPools),
  ...poolCounts.flatMap(onPools),
  ...partCounts.flatMap(onNodes),
]
