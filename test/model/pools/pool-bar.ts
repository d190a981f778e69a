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
    { part: 'inUse', amount: 35n },
    { part: 'reserved', amount: 20n },
    { part: 'free', amount: 0n },
    { part: 'available', amount: 40n },
    { part: 'surplus', amount: 5n },
  ])
  t.strictSame(partsOf(poolBar(pool({ total: 0n, free: 0n, reserved: 0n }))), [])
})

t.test('surplus pages are those in use, then reserved ones, then available ones', async (t) => {
  const parts = (surplus: bigint) => partsOf(poolBar(pool({ surplus })))
  t.strictSame(parts(0n), ['inUse 40', 'reserved 20', 'available 40'])
  t.strictSame(parts(40n), ['reserved 20', 'available 40', 'surplus 40'])
  t.strictSame(parts(41n), ['reserved 19', 'available 40', 'surplus 41'])
  t.strictSame(parts(60n), ['available 40', 'surplus 60'])
  t.strictSame(parts(61n), ['available 39', 'surplus 61'])
  t.strictSame(parts(100n), ['surplus 100'])
  t.strictSame(parts(101n), ['surplus 100'], 'counters that are out of step')
})

t.test('counters that are out of step have no part below 0', async (t) => {
  const parts = (counters: Partial<ShownPool>) => partsOf(poolBar(pool(counters)))
  t.strictSame(parts({ reserved: -2n }), ['inUse 40', 'available 60'])
  t.strictSame(parts({ reserved: 61n }), ['inUse 40', 'reserved 60'])
  t.strictSame(parts({ free: 101n }), ['reserved 20', 'available 81'])
})

t.test('free pages are not called available where reserved is not known', async (t) => {
  const { reserved, ...unknown } = pool({ surplus: 41n })
  t.strictSame(partsOf(poolBar(unknown)), ['free 59', 'surplus 41'])
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
    { part: 'inUse', amount: 16n },
    { part: 'reserved', amount: 0n },
    { part: 'free', amount: 10n },
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
})
