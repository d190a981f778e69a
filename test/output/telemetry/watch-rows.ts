import t from 'tap'
import type { PageHold } from '../../../src/model/processes/who/page-hold.ts'
import type { PoolLook } from '../../../src/model/telemetry/pool-look.ts'
import { newWatch, type WatchState, withLook } from '../../../src/model/telemetry/watch-state.ts'
import {
  timeOfDay,
  watchColumns,
  watchedHolds,
  watchRows,
} from '../../../src/output/telemetry/watch-rows.ts'
import { textRows } from '../../../src/output/text-rows.ts'
import { lookAt, nodePart, seenPool } from '../../helpers/pool-look.ts'
import { G, M } from '../../helpers/sizes.ts'

const asked = { interval: 2000, perNode: false, showsHolders: false }

const watchOf = (...looks: readonly PoolLook[]): WatchState =>
  looks.reduce(withLook, newWatch(asked))

const shown = (state: WatchState, ...names: readonly string[]): readonly string[] =>
  textRows({ columns: watchColumns, rows: watchRows(state) }, names, {
    bytes: false,
    raw: true,
  }).rows.map((row) => row.map(({ text }) => text).join(' '))

const seen = (at: number, small: bigint, large: bigint) =>
  lookAt(at, [
    seenPool({ free: 100n - small, nodes: [nodePart(0, 50n, 50n), nodePart(1, 50n, 50n - small)] }),
    seenPool({ size: G, total: 8n, free: 8n - large, reserved: 2n }),
  ])

const changes = ['SIZE', 'NODE', 'CHANGE', 'RATE', 'SO-FAR', 'AVERAGE', 'GROWTH']

t.test('without a look there is nothing, and one look shows no change', async (t) => {
  t.strictSame(shown(newWatch(asked), 'SIZE'), [])
  t.strictSame(shown(watchOf(seen(0, 3n, 0n)), ...changes), [
    '2M all - - - - -',
    '1G all - - - - -',
  ])
})

t.test('what changed since the look before and since the first, and for each second', async (t) => {
  const state = watchOf(seen(0, 10n, 4n), seen(2000, 20n, 4n), seen(4000, 50n, 3n))
  t.strictSame(shown(state, ...changes), ['2M all +30 +15 +40 +10 0', '1G all -1 -0.5 -1 -0.3 0'])
  t.strictSame(shown({ ...state, perNode: true }, ...changes), [
    '2M all +30 +15 +40 +10 0',
    '2M 0 0 0 0 0 0',
    '2M 1 +30 +15 +40 +10 0',
    '1G all -1 -0.5 -1 -0.3 0',
    '1G 0 - - - - -',
    '1G 1 - - - - -',
  ])
})

t.test('a pool that grew or shrank shows it as long as the watch lasts', async (t) => {
  const sized = (at: number, ...totals: readonly [bigint, bigint]) => {
    const [one, other] = totals
    const nodes = [nodePart(0, one, one), nodePart(1, other, other)]
    return lookAt(at, [seenPool({ total: one + other, free: one + other, nodes })])
  }
  const names = ['NODE', 'TOTAL', 'GROWTH', 'CHANGE', 'SO-FAR']
  const grown = watchOf(sized(0, 50n, 50n), sized(2000, 250n, 50n), sized(4000, 250n, 50n))
  t.strictSame(shown({ ...grown, perNode: true }, ...names), [
    'all 300 +200 0 0',
    '0 250 +200 0 0',
    '1 50 0 0 0',
  ])
  t.strictSame(shown(withLook(grown, sized(6000, 40n, 50n)), ...names), ['all 90 -10 0 0'])
})

t.test('a rate is never shown as 0 where something changed', async (t) => {
  const rate = (pages: bigint, milliseconds: number) =>
    shown(watchOf(seen(0, 0n, 0n), seen(milliseconds, pages, 0n)), 'RATE')[0]
  t.strictSame(
    [
      rate(1n, 100_000),
      rate(1n, 8000),
      rate(19n, 2000),
      rate(20n, 2000),
      rate(21n, 2000),
      rate(0n, 2000),
      rate(10n, 1002),
      rate(99n, 10_000),
      rate(1n, 3_600_000),
    ],
    ['+0.01', '+0.1', '+9.5', '+10', '+11', '0', '+10', '+9.9', '+0.0003'],
  )
  t.equal(rate(5n, 0), '-')
})

t.test('lines of pools are sorted', async (t) => {
  const state = watchOf(seen(0, 90n, 2n), seen(1000, 50n, 2n))
  const order = (poolOrder: WatchState['poolOrder'], from = state) =>
    shown({ ...from, poolOrder }, 'SIZE')
  t.strictSame(order('size'), ['2M', '1G'])
  t.strictSame(order('in-use'), ['1G', '2M'], 'by their memory')
  t.strictSame(order('available'), ['2M', '1G'], 'fewest first')
  t.strictSame(order('change'), ['2M', '1G'])
  t.strictSame(order('change', watchOf(seen(0, 0n, 2n), seen(1000, 99n, 1n))), ['1G', '2M'])
  const resized = lookAt(1000, [seenPool(), seenPool({ size: G, total: 9n, free: 8n })])
  t.strictSame(
    order(
      'change',
      watchOf(lookAt(0, [seenPool(), seenPool({ size: G, total: 8n, free: 7n })]), resized),
    ),
    ['1G', '2M'],
    'a pool that was resized changed',
  )
  const shrunk = watchOf(
    lookAt(0, [seenPool(), seenPool({ size: G, total: 9n, free: 9n })]),
    resized,
  )
  t.strictSame(order('change', shrunk), ['1G', '2M'])
  t.strictSame(order('in-use', watchOf(seen(0, 0n, 0n))), ['2M', '1G'], 'as they were')
  t.strictSame(order('available', watchOf(seen(0, 0n, 6n))), ['1G', '2M'])
})

t.test('the time of day has two digits for each part', async (t) => {
  t.equal(timeOfDay(new Date(2026, 0, 1, 3, 4, 5).getTime()), '03:04:05')
  t.equal(timeOfDay(new Date(2026, 11, 31, 23, 59, 10).getTime()), '23:59:10')
  const state = watchOf({ ...seen(0, 0n, 0n), moment: new Date(2026, 0, 1, 3, 4, 5).getTime() })
  t.strictSame(shown(state, 'TIME', 'SIZE'), ['03:04:05 2M', '03:04:05 1G'])
})

const hold = (pid: number, user: string, pages: bigint | undefined, size = 2n * M): PageHold => ({
  kind: 'mapping',
  size,
  process: { pid, user, command: 'a' },
  ...(pages === undefined ? {} : { pages }),
})

t.test('lines of holders are sorted, of equal ones those with most pages first', async (t) => {
  const holds = [hold(5, 'b', 1n), hold(3, 'b', 7n), hold(4, 'a', undefined), hold(9, 'a', 3n, G)]
  const state = watchOf({ ...seen(0, 0n, 0n), holds })
  const order = (holderOrder: WatchState['holderOrder']) =>
    watchedHolds({ ...state, holderOrder }).map(({ process }) => process?.pid)
  t.strictSame(order('pages'), [3, 9, 5, 4])
  t.strictSame(order('memory'), [9, 3, 5, 4])
  t.strictSame(order('user'), [9, 4, 3, 5])
  t.strictSame(order('pid'), [3, 4, 5, 9])
  t.strictSame(watchedHolds(watchOf(seen(0, 0n, 0n))), [])
})
