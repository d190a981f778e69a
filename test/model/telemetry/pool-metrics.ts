import t from 'tap'
import type { ShownPool } from '../../../src/model/pools/shown-pool.ts'
import { poolMetrics } from '../../../src/model/telemetry/pool-metrics.ts'
import { metricsFacts, samplesOf } from '../../helpers/metrics-facts.ts'
import { poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const { total: _, free: __, ...unread } = poolOf(G)

const pools: readonly ShownPool[] = [
  poolOf(2n * M, {
    total: 100n,
    free: 60n,
    surplus: 10n,
    reserved: 20n,
    overcommit: 30n,
    nodes: [
      { node: 0, total: 70n, free: 50n, surplus: 4n },
      { node: 2, total: 30n, free: 10n, surplus: 6n },
    ],
  }),
  { ...unread, reserved: -1n },
]

const facts = metricsFacts({ pools })

t.test('the counters of whole pools', async (t) => {
  const of = (word: string) => [
    samplesOf(`hugepool_pool_${word}_pages`, facts),
    samplesOf(`hugepool_pool_${word}_bytes`, facts),
  ]
  t.strictSame(samplesOf('hugepool_page_size_bytes', facts), ['2M: 2097152', '1G: 1073741824'])
  t.strictSame(of('total'), [['2M: 100'], [`2M: ${200n * M}`]])
  t.strictSame(of('persistent'), [['2M: 90'], [`2M: ${180n * M}`]])
  t.strictSame(of('free'), [['2M: 60'], [`2M: ${120n * M}`]])
  t.strictSame(of('surplus'), [
    ['2M: 10', '1G: 0'],
    [`2M: ${20n * M}`, '1G: 0'],
  ])
  t.strictSame(of('reserved'), [
    ['2M: 20', '1G: -1'],
    [`2M: ${40n * M}`, `1G: ${-G}`],
  ])
  t.strictSame(of('available'), [['2M: 40'], [`2M: ${80n * M}`]])
  t.strictSame(of('overcommit'), [
    ['2M: 30', '1G: 0'],
    [`2M: ${60n * M}`, '1G: 0'],
  ])
})

t.test('those of nodes, which have no reservations', async (t) => {
  const of = (word: string) => [
    samplesOf(`hugepool_node_${word}_pages`, facts),
    samplesOf(`hugepool_node_${word}_bytes`, facts),
  ]
  t.strictSame(of('total'), [
    ['2M 0: 70', '2M 2: 30'],
    [`2M 0: ${140n * M}`, `2M 2: ${60n * M}`],
  ])
  t.strictSame(of('persistent'), [
    ['2M 0: 66', '2M 2: 24'],
    [`2M 0: ${132n * M}`, `2M 2: ${48n * M}`],
  ])
  t.strictSame(of('free'), [
    ['2M 0: 50', '2M 2: 10'],
    [`2M 0: ${100n * M}`, `2M 2: ${20n * M}`],
  ])
  t.strictSame(of('surplus'), [
    ['2M 0: 4', '2M 2: 6'],
    [`2M 0: ${8n * M}`, `2M 2: ${12n * M}`],
  ])
})

t.test('what is said of them', async (t) => {
  const pages = poolMetrics.filter(({ unit }) => unit === 'pages')
  t.strictSame(
    pages.map(({ name, help }) => [name.replace(/^hugepool_|_pages$/g, ''), help]),
    [
      ['pool_total', 'Pages in the pool, surplus included.'],
      ['pool_persistent', 'Pages that the administrator asked to keep: total - surplus.'],
      ['pool_free', 'Pages in the pool that are not handed out.'],
      ['pool_surplus', 'Pages above persistent, returned when unused.'],
      [
        'pool_reserved',
        'Pages promised to a mapping and not yet faulted in, counted in free; below zero where the counter of the kernel is.',
      ],
      ['pool_available', 'Pages that a new mapping can still get: free - reserved.'],
      ['pool_overcommit', 'Pages of surplus that may exist.'],
      ['node_total', 'Pages on the NUMA node in the pool, surplus included.'],
      [
        'node_persistent',
        'Pages on the NUMA node that the administrator asked to keep: total - surplus.',
      ],
      ['node_free', 'Pages on the NUMA node in the pool that are not handed out.'],
      ['node_surplus', 'Pages on the NUMA node above persistent, returned when unused.'],
    ],
  )
})
