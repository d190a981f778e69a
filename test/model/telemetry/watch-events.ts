import t from 'tap'
import type { ShownPool } from '../../../src/model/pools/shown-pool.ts'
import { watchEvents } from '../../../src/model/telemetry/watch-events.ts'
import { lookAt, nodePart, seenPool } from '../../helpers/pool-look.ts'
import { G } from '../../helpers/sizes.ts'

const told = (before: readonly ShownPool[], after: readonly ShownPool[]): readonly string[] =>
  watchEvents(lookAt(0, before), lookAt(2000, after)).map(({ words }) => words)

t.test('an event has the moment at which it was seen', async (t) => {
  t.strictSame(watchEvents(lookAt(0, [seenPool()]), lookAt(2000, [seenPool({ free: 99n })])), [
    { moment: Date.UTC(2026, 0, 1, 0, 0, 2), words: '2M: 1 page faulted in' },
  ])
})

t.test('a pool whose nodes are not known', async (t) => {
  const changed = (given: Partial<ShownPool>) =>
    told([seenPool({ free: 50n, reserved: 9n })], [seenPool({ free: 50n, reserved: 9n, ...given })])
  t.strictSame(changed({}), [])
  t.strictSame(changed({ free: 51n }), ['2M: 1 page given back'])
  t.strictSame(changed({ free: 40n, reserved: 12n }), ['2M: 10 pages faulted in; 3 reserved'])
  t.strictSame(changed({ reserved: 8n }), ['2M: 1 no longer reserved'])
  t.strictSame(changed({ reserved: 10n }), ['2M: 1 reserved'])
  t.strictSame(changed({ overcommit: 1n }), ['2M: overcommit raised by 1'])
  t.strictSame(changed({ total: 110n, free: 60n }), ['2M: 10 pages added'])
  t.strictSame(changed({ total: 99n, free: 49n }), ['2M: 1 page taken away'])
  t.strictSame(changed({ total: 102n, surplus: 2n }), [
    '2M: 2 surplus pages made; 2 pages faulted in',
  ])
  t.strictSame(told([seenPool({ surplus: 1n })], [seenPool({ total: 99n, free: 99n })]), [
    '2M: 1 surplus page returned',
  ])
  t.strictSame(changed({ overcommit: 16n }), ['2M: overcommit raised by 16'])
  t.strictSame(told([seenPool({ overcommit: 4n })], [seenPool()]), ['2M: overcommit lowered by 4'])
})

t.test('pages are told of by node; with one alone, what is promised as well', async (t) => {
  const two = (one: bigint, other: bigint, given: Partial<ShownPool> = {}) =>
    seenPool({
      free: one + other,
      nodes: [nodePart(0, 50n, one), nodePart(1, 50n, other)],
      ...given,
    })
  const reserved = { reserved: 3n }
  t.strictSame(told([two(50n, 64n)], [two(50n, 0n, reserved)]), [
    '2M node 1: 64 pages faulted in; 3 reserved',
  ])
  t.strictSame(told([two(50n, 50n)], [two(40n, 49n, reserved)]), [
    '2M node 0: 10 pages faulted in',
    '2M node 1: 1 page faulted in',
    '2M: 3 reserved',
  ])
  t.strictSame(told([two(50n, 50n)], [two(40n, 60n)]), [
    '2M node 0: 10 pages faulted in',
    '2M node 1: 10 pages given back',
  ])
  t.strictSame(told([two(50n, 50n)], [two(50n, 50n, reserved)]), ['2M: 3 reserved'])
})

t.test('of a node with a counter that is not known nothing is told', async (t) => {
  const seen = (free: bigint, given: Partial<ShownPool> = {}) =>
    seenPool({ free: 50n, nodes: [{ node: 0, free }, nodePart(1, 50n, free)], ...given })
  t.strictSame(told([seen(50n)], [seen(47n, { reserved: 3n })]), [
    '2M node 1: 3 pages faulted in; 3 reserved',
  ])
})

t.test('each pool has its own sentence, and one that comes or goes as well', async (t) => {
  t.strictSame(
    told(
      [seenPool(), seenPool({ size: G, total: 4n, free: 4n })],
      [seenPool({ free: 98n }), seenPool({ size: G, total: 4n, free: 3n })],
    ),
    ['2M: 2 pages faulted in', '1G: 1 page faulted in'],
  )
  t.strictSame(told([seenPool()], [seenPool({ size: G })]), [
    '2M: the pool is gone',
    '1G: the pool appeared',
  ])
})

t.test('a node that comes or goes is told of, as memory is taken off a machine', async (t) => {
  const on = (...nodes: readonly number[]) =>
    seenPool({ nodes: nodes.map((node) => nodePart(node, 50n, 50n)) })
  t.strictSame(told([on(0, 1)], [on(0, 2)]), ['node 1 is gone', 'node 2 appeared'])
  t.strictSame(told([on(0, 1)], [on(0, 1)]), [])
})
