import t from 'tap'
import type { Bar } from '../../../src/model/bar.ts'
import { nodeBar, poolBar } from '../../../src/model/pools/pool-bar.ts'
import type { ShownPool } from '../../../src/model/pools/shown-pool.ts'
import { M } from '../../helpers/sizes.ts'

const pool = (counters: Partial<ShownPool>): ShownPool => ({
  size: 2n * M,
  nodes: [],
  settled: true,
  ...{ total: 100n, free: 60n, surplus: 0n, reserved: 20n },
  ...counters,
})

/** The amounts of the parts that are not empty. */
const partsOf = (bar: Bar | undefined) =>
  bar?.filter(({ amount }) => amount !== 0n).map(({ part, amount }) => `${part} ${amount}`)

t.test('in use, reserved, available, surplus, in this order', async (t) => {
  t.strictSame(poolBar(pool({ surplus: 5n })), [
    { part: 'inUse', amount: 40n },
    { part: 'reserved', amount: 20n },
    { part: 'free', amount: 0n },
    { part: 'available', amount: 35n },
    { part: 'surplus', amount: 5n },
  ])
  t.strictSame(partsOf(poolBar(pool({ total: 0n, free: 0n, reserved: 0n }))), [])
})

t.test('surplus pages are available ones, then reserved ones, then some in use', async (t) => {
  const parts = (surplus: bigint) => partsOf(poolBar(pool({ surplus })))
  t.strictSame(parts(0n), ['inUse 40', 'reserved 20', 'available 40'])
  t.strictSame(parts(39n), ['inUse 40', 'reserved 20', 'available 1', 'surplus 39'])
  t.strictSame(parts(40n), ['inUse 40', 'reserved 19', 'available 1', 'surplus 40'])
  t.strictSame(parts(58n), ['inUse 40', 'reserved 1', 'available 1', 'surplus 58'])
  t.strictSame(parts(59n), ['inUse 39', 'reserved 1', 'available 1', 'surplus 59'])
  t.strictSame(parts(97n), ['inUse 1', 'reserved 1', 'available 1', 'surplus 97'])
  t.strictSame(parts(98n), parts(97n), 'what is in use stays in sight')
  t.strictSame(parts(101n), parts(97n), 'counters that are out of step')
})

t.test('what is in use is seen however many pages are surplus', async (t) => {
  const parts = (counters: Partial<ShownPool>) => partsOf(poolBar(pool(counters)))
  const one = { total: 100_000n, free: 99_999n, reserved: 0n, surplus: 1n }
  t.strictSame(parts(one), ['inUse 1', 'available 99998', 'surplus 1'])
  const all = { total: 20n, free: 0n, reserved: 0n, surplus: 20n }
  t.strictSame(parts(all), ['inUse 1', 'surplus 19'])
  t.strictSame(parts({ ...all, total: 1n, surplus: 1n }), ['inUse 1'])
  t.strictSame(parts({ ...all, total: 120n, surplus: 20n }), ['inUse 100', 'surplus 20'])
  t.strictSame(parts({ total: 20n, free: 8n, reserved: 8n, surplus: 20n }), [
    ...['inUse 1', 'reserved 1', 'surplus 18'],
  ])
})

t.test('counters that are out of step have no part below 0', async (t) => {
  const parts = (counters: Partial<ShownPool>) => partsOf(poolBar(pool(counters)))
  t.strictSame(parts({ reserved: -2n }), ['inUse 40', 'available 60'])
  t.strictSame(parts({ reserved: 61n }), ['inUse 40', 'reserved 60'])
  t.strictSame(parts({ free: 101n }), ['reserved 20', 'available 81'])
})

t.test('free pages are not called available where reserved is not known', async (t) => {
  const { reserved, ...unknown } = pool({ surplus: 41n })
  t.strictSame(partsOf(poolBar(unknown)), ['inUse 40', 'free 19', 'surplus 41'])
})

t.test('a counter that is not known leaves no bar', async (t) => {
  for (const key of ['total', 'free', 'surplus'] as const) {
    const { [key]: _, ...rest } = pool({})
    t.equal(poolBar(rest as ShownPool), undefined, key)
    const { [key]: __, ...node } = { total: 10n, free: 4n, surplus: 0n }
    t.equal(nodeBar(pool({}), node), undefined, `${key} of a node`)
  }
  const { total, ...rest } = pool({})
  t.equal(nodeBar(rest, { total: 10n, free: 4n, surplus: 0n }), undefined)
})

t.test('a node is as much shorter as it has fewer pages', async (t) => {
  const node = { total: 36n, free: 10n, surplus: 10n }
  t.strictSame(nodeBar(pool({}), node), [
    { part: 'inUse', amount: 25n },
    { part: 'reserved', amount: 0n },
    { part: 'free', amount: 1n },
    { part: 'available', amount: 0n },
    { part: 'surplus', amount: 10n },
    { part: 'elsewhere', amount: 64n },
  ])
  const alone = { total: 100n, free: 60n, surplus: 0n }
  t.strictSame(partsOf(nodeBar(pool({}), alone)), ['inUse 40', 'free 60'])
  const more = { total: 101n, free: 60n, surplus: 0n }
  t.strictSame(partsOf(nodeBar(pool({}), more)), ['inUse 41', 'free 60'])
})

t.test('free pages of a node are available where the pool has none reserved', async (t) => {
  const node = { total: 100n, free: 60n, surplus: 0n }
  const parts = (reserved: bigint) => partsOf(nodeBar(pool({ reserved }), node))
  t.strictSame(parts(0n), ['inUse 40', 'available 60'])
  t.strictSame(parts(-1n), ['inUse 40', 'available 60'])
  t.strictSame(parts(1n), ['inUse 40', 'free 60'])
  const { reserved, ...unknown } = pool({})
  t.strictSame(partsOf(nodeBar(unknown, node)), ['inUse 40', 'free 60'])
  const over = { ...node, surplus: 50n }
  t.strictSame(partsOf(nodeBar(pool({ reserved: 0n }), over)), [
    ...['inUse 40', 'available 10', 'surplus 50'],
  ])
})
