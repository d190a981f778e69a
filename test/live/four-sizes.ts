import { changeSchema, demoteSchema, listSchema } from '../../src/output/schemas/pools-schema.ts'
import { testSchema } from '../../src/output/schemas/test-schema.ts'
import { liveOn } from './support/live.ts'
import { countsOf, memoryNodes, persistentOf, setPool, sizes } from './support/machine.ts'
import { hugepool, hugepoolJson } from './support/program.ts'

/** arm64 with base pages of 4K: 64K and 32M are pages that the processor has as rows of smaller ones. */
const live = liveOn('four sizes')

const [first = 0, second = 1] = memoryNodes
const [K64 = 0, M2 = 0, M32 = 0, G1 = 0] = sizes

const perNode = (size: number) => memoryNodes.map((node) => persistentOf(size, node))

live('the pools of the command line are there, each on its nodes', async (t) => {
  t.strictSame(sizes, [2 ** 16, 2 ** 21, 2 ** 25, 2 ** 30])
  t.strictSame([K64, M2, M32, G1].map(perNode), [
    [64, 32],
    [16, 8],
    [2, 2],
    [1, 1],
  ])
  const { document } = await hugepoolJson(listSchema, 'list', '--per-node')
  t.strictSame(
    document.pools.map(({ pageSize, total, demoteSize }) => [pageSize, total, demoteSize]),
    [
      [BigInt(K64), 96n, undefined],
      [BigInt(M2), 24n, BigInt(K64)],
      [BigInt(M32), 4n, BigInt(M2)],
      [BigInt(G1), 2n, BigInt(M32)],
    ],
  )
  t.equal(document.pools.find((pool) => pool.default)?.pageSize, BigInt(K64))
})

live('boot says of that line what the kernel did', async (t) => {
  const { status, out } = await hugepool('boot', '--json')
  t.equal(status, 0)
  t.notMatch(out, /"result":"(?:ignored|refused)"/)
})

live('one call changes the pools of all sizes', async (t) => {
  const words = [`64K=${first}:70,${second}:30`, '2M=10', '32M=+1', '1G=2']
  const { status, document } = await hugepoolJson(changeSchema, 'resize', ...words)
  t.equal(status, 0)
  t.equal(document.outcome, 'done')
  t.strictSame(
    [K64, M2, M32, G1].map((size) => countsOf(size).total),
    [100, 10, 5, 2],
  )
  for (const [size, counts] of [
    [M2, [16, 8]],
    [K64, [64, 32]],
  ] as const)
    for (const [at, node] of memoryNodes.entries()) setPool(size, counts[at] ?? 0, node)
  for (const node of memoryNodes) setPool(M32, 2, node)
})

live('pages of 32M come apart into 2M, and those into 64K, each at its turn', async (t) => {
  const to = async (...words: readonly string[]) => {
    const { status, document } = await hugepoolJson(demoteSchema, 'demote', ...words)
    return [status, document.changes[0]?.to, document.changes[0]?.gained]
  }
  const before = countsOf(M32).total
  t.strictSame(await to(`32M=${second}:1`), [0, BigInt(M2), 16n])
  t.strictSame(await to('32M=1', '--to', '2M'), [0, BigInt(M2), 16n])
  t.equal(countsOf(M32).total, before - 2)
  t.strictSame(await to('2M=3'), [0, BigInt(K64), 96n])
  t.strictSame(await to('2M=1', '--to', '64K'), [0, BigInt(K64), 32n])
  for (const [words, why] of [
    [['32M=1', '--to', '64K'], '32M pages cannot be split into 64K pages at once'],
    [['1G=1', '--to', '64K'], '1G pages cannot be split into 64K pages at once'],
    [['64K=1'], '64K pages cannot be split here'],
  ] as const) {
    const { status, err } = await hugepool('demote', ...words)
    t.equal(status, 4, words.join(' '))
    t.match(err, why)
  }
})

live('pages of each size are mapped, touched and found again', async (t) => {
  for (const size of ['64K=8', '2M=4', '32M=2', '1G=1']) {
    const words = size === '1G=1' ? [] : ['--verify']
    const { status, document } = await hugepoolJson(testSchema, 'test', size, ...words)
    t.strictSame([status, document.outcome], [0, 'done'], size)
  }
})
