import t from 'tap'
import { isInPieces, shortageAdvice, shortageHints } from '../../../src/model/pools/shortage.ts'
import { poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const small = poolOf(2n * M, { total: 5n, free: 5n, reserved: 1n })
const large = poolOf(G)
const compaction = '--compact asks the kernel to make contiguous memory and tries again'

t.test('free memory and free blocks of every node', async (t) => {
  const shortages = [
    { node: 0, free: (3n * G) / 2n, gigantic: false, ready: 1n },
    { node: 1, free: 512n * M, gigantic: false, ready: 30n },
  ]
  t.strictSame(shortageHints(small, shortages), [
    'node 0 has 1536M free, with 1 contiguous block of 2M',
    'node 1 has 512M free, with 30 contiguous blocks of 2M',
  ])
  const advice = (compacted: boolean) =>
    shortageAdvice(small, shortages, {
      pools: [small, large],
      before: [small, large],
      compacted,
      release: 6,
    })
  t.strictSame(advice(false), [compaction])
  t.strictSame(advice(true), [])
})

t.test(
  'memory is in pieces where less than a quarter of it is in blocks of the size',
  async (t) => {
    const block = { node: 0, free: 8n * M, gigantic: false, ready: 1n }
    const more = { ...block, free: 8n * M + 1n }
    t.equal(isInPieces([block], 2n * M, 2n), false)
    t.equal(isInPieces([more], 2n * M, 2n), true)
    t.equal(isInPieces([more], 2n * M, 1n), false, 'one block is enough for one page')
    t.equal(isInPieces([block, { node: 1, free: 1n, gigantic: false }], 2n * M, 2n), true)
    t.equal(isInPieces([more, { node: 1, free: G, gigantic: true }], 2n * M, 2n), false)
  },
)

t.test('free blocks that are not known are not made up', async (t) => {
  const shortages = [{ node: 0, free: G, gigantic: false }]
  t.strictSame(shortageHints(small, shortages), ['node 0 has 1G free'])
})

t.test('gigantic pages cannot be made of what another pool holds before 7.0', async (t) => {
  const small = poolOf(2n * M, { total: 600n, free: 600n, reserved: 1n })
  const shortages = [{ node: 0, free: 3n * G, gigantic: true }]
  t.strictSame(shortageHints(large, shortages), [
    'node 0 has 3G free; blocks of 1G are not counted by the kernel',
  ])
  const advice = (release: number | undefined, pool = small, before = pool) =>
    shortageAdvice(large, shortages, {
      pools: [pool, large],
      before: [before, large],
      compacted: true,
      release,
    })
  const mixed = [...shortages, { node: 1, free: G, gigantic: false }]
  const words =
    'kernels before 7.0 cannot use memory that another pool occupies: shrink 2M first, then grow 1G'
  t.strictSame(advice(6), [words])
  t.strictSame(advice(undefined), [words])
  const pools = [small, large]
  t.strictSame(
    shortageAdvice(large, mixed, { pools, before: pools, compacted: true, release: 6 }),
    [words],
    'one node is enough',
  )
  t.strictSame(advice(7), [])
  t.strictSame(advice(8), [])
  t.strictSame(advice(6, { ...small, reserved: 600n }), [], 'no page there is free')
  const onNode = (node: number, free: bigint) => ({ node, total: 600n, free, surplus: 0n })
  const on = (...nodes: readonly ReturnType<typeof onNode>[]) => advice(6, { ...small, nodes })
  t.strictSame(on(onNode(0, 600n), onNode(1, 0n)), [words])
  t.strictSame(on(onNode(0, 0n), onNode(1, 600n)), [], 'on the short node it holds nothing')
  const both = [...shortages, { node: 1, free: G, gigantic: true }]
  const nodes = [onNode(0, 0n), onNode(1, 600n)]
  t.strictSame(
    shortageAdvice(large, both, {
      pools: [{ ...small, nodes }, large],
      before: [{ ...small, nodes }, large],
      compacted: true,
      release: 6,
    }),
    [words],
    'on one of the short nodes',
  )
})

t.test('what could not make up for a page is not named', async (t) => {
  const advice = (free: bigint, ...pages: readonly bigint[]) => {
    const [few = 0n, large32 = 0n] = pages
    const pools = [
      poolOf(2n * M, { total: few, free: few }),
      poolOf(32n * M, { total: large32, free: large32 }),
      large,
    ]
    const facts = { pools, before: pools, compacted: true, release: 6 }
    return shortageAdvice(large, [{ node: 0, free, gigantic: true }], facts).map(
      (words) => / shrink (.*) first/.exec(words)?.[1],
    )
  }
  t.strictSame(advice(3n * G, 7n), [])
  t.strictSame(advice(0n, 511n), [])
  t.strictSame(advice(0n, 512n), ['2M'])
  t.strictSame(advice(G - 14n * M, 7n), ['2M'], 'together with what is free')
  t.strictSame(advice(G - 14n * M, 6n), [])
  t.strictSame(advice(0n, 256n, 15n), [])
  t.strictSame(advice(0n, 256n, 16n), ['2M, 32M'], 'only together')
  t.strictSame(advice(G - 14n * M - 1n, 7n), [])
})

t.test('only smaller pools that still have pages to give are named', async (t) => {
  const has = (size: bigint, pages: bigint) => poolOf(size, { total: pages, free: pages })
  const pools = [has(2n * M, 0n), has(32n * M, 40n), has(G, 1n)]
  const before = [has(2n * M, 9n), has(32n * M, 40n), has(G, 1n)]
  const facts = { pools, before, compacted: true, release: 6 }
  t.strictSame(shortageAdvice(large, [{ node: 0, free: 0n, gigantic: true }], facts), [
    'kernels before 7.0 cannot use memory that another pool occupies: shrink 32M first, then grow 1G',
  ])
})

t.test('what the call itself added was not in the way', async (t) => {
  const small = poolOf(2n * M, { total: 600n, free: 600n })
  const advice = (before: typeof small, pool = small) =>
    shortageAdvice(large, [{ node: 0, free: G, gigantic: true }], {
      pools: [pool, large],
      before: [before, large],
      compacted: true,
      release: 6,
    })
  t.strictSame(advice({ ...small, total: 0n, free: 0n, reserved: 0n }), [])
  const onNodes = (...free: readonly bigint[]) =>
    free.map((each, node) => ({ node, total: each, free: each, surplus: 0n }))
  const on = (...free: readonly bigint[]) => ({ ...small, nodes: onNodes(...free) })
  t.strictSame(advice(on(0n, 600n), on(600n, 600n)), [], 'it had pages on another node only')
  t.strictSame(
    advice(on(2n, 0n), on(600n, 0n)),
    [
      'kernels before 7.0 cannot use memory that another pool occupies: shrink 2M first, then grow 1G',
    ],
    'it had some, and got more',
  )
})
