import t from 'tap'
import {
  handedOut,
  inUseMore,
  isBack,
  isStill,
  movementOf,
  nodeMovements,
  readingOf,
  surplusMovement,
} from '../../../src/model/mapping/mapping-reading.ts'
import type { Pool } from '../../../src/model/pools/machine.ts'
import { small } from '../../helpers/mapping-plan.ts'
import * as fc from '../../helpers/property.ts'
import { poolOf } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const mapped: Pool = { ...small, reserved: 8n }
const touched: Pool = {
  ...small,
  total: 12n,
  surplus: 2n,
  free: 4n,
  nodes: [
    { node: 0, total: 8n, free: 0n, surplus: 2n },
    { node: 1, total: 4n, free: 4n, surplus: 0n },
  ],
}

t.test('by how much counters moved', async (t) => {
  t.strictSame(movementOf(small, mapped), { total: 0n, free: 0n, surplus: 0n, reserved: 8n })
  t.strictSame(movementOf(mapped, touched), { total: 2n, free: -6n, surplus: 2n, reserved: -8n })
  const { reserved, ...unknown } = small
  t.equal(reserved, 0n)
  t.notOk('reserved' in movementOf(unknown, unknown), 'not 0: it is not known')
  t.notOk('reserved' in movementOf(unknown, mapped))
  t.equal(handedOut(movementOf(mapped, touched)), 8n, 'made and handed out at once as well')
  t.equal(handedOut(movementOf(touched, mapped)), -8n)
  t.equal(inUseMore(mapped, touched), 8n)
})

t.test('nothing moved only where no counter did', async (t) => {
  const still = { total: 0n, free: 0n, reserved: 0n, surplus: 0n }
  t.ok(isStill(still))
  for (const name of Object.keys(still))
    for (const pages of [1n, -1n]) t.notOk(isStill({ ...still, [name]: pages }), name)
})

t.test('nodes against themselves, whatever their order', async (t) => {
  t.strictSame(nodeMovements(undefined, touched), touched.nodes, 'nothing to compare with')
  const reversed = { ...mapped, nodes: [...mapped.nodes].reverse() }
  t.strictSame(nodeMovements(reversed, touched), [
    { ...touched.nodes[0], change: { total: 2n, free: -6n, surplus: 2n } },
    { ...touched.nodes[1], change: { total: 0n, free: 0n, surplus: 0n } },
  ])
  const fewer = { ...mapped, nodes: mapped.nodes.slice(1) }
  t.notOk('change' in (nodeMovements(fewer, touched)[0] ?? {}), 'a node that has come')
})

t.test('a step', async (t) => {
  const first = readingOf('start', 0n, undefined, small, '10 available')
  t.strictSame(first, {
    kind: 'start',
    pages: 0n,
    pool: small,
    nodes: small.nodes,
    words: '10 available',
  })
  t.hasStrict(readingOf('touch', 8n, mapped, touched, 'touched'), {
    kind: 'touch',
    pages: 8n,
    pool: touched,
    change: { total: 2n, free: -6n },
    nodes: [{ node: 0, change: { free: -6n } }, { node: 1 }],
    words: 'touched',
  })
})

t.test('everything is back where it was, on every node', async (t) => {
  t.ok(isBack(small, { ...small }))
  t.notOk(isBack(small, mapped), 'a reservation is left')
  const moved = small.nodes.map((one) => ({ ...one, free: one.node === 0 ? 5n : one.free }))
  t.notOk(isBack(small, { ...small, free: 9n, nodes: moved }))
  const elsewhere = small.nodes.map((one) => ({
    ...one,
    free: one.free + (one.node === 0 ? -1n : one.node === 1 ? 1n : 0n),
  }))
  t.notOk(isBack(small, { ...small, nodes: elsewhere }), 'as many pages, on other nodes')
  const more = [...small.nodes, { node: 4, total: 0n, free: 0n, surplus: 0n }]
  t.notOk(isBack(small, { ...small, nodes: more }), 'a node that has come')
  t.ok(isBack(small, { ...small, overcommit: 5n }), 'overcommit is none of the counters')
})

const few = fc.bigInt({ min: 0n, max: 40n })
const counters = fc.record({ total: few, free: few, surplus: few })
const pools: fc.Arbitrary<Pool> = fc
  .record({ reserved: fc.bigInt({ min: -9n, max: 40n }), first: counters, second: counters })
  .map(({ reserved, first, second }) =>
    poolOf(2n * M, {
      reserved,
      total: first.total + second.total,
      free: first.free + second.free,
      surplus: first.surplus + second.surplus,
      nodes: [
        { node: 0, ...first },
        { node: 2, ...second },
      ],
    }),
  )

t.test('property: movements add up, over steps and over nodes', async () => {
  fc.assert(
    fc.property(fc.array(pools, { minLength: 2, maxLength: 6 }), (seen) => {
      const steps = seen.map((pool, at) => readingOf('touch', 0n, seen[at - 1], pool, 'touched'))
      const [start, end] = [seen[0], seen.at(-1)] as [Pool, Pool]
      const names = ['total', 'free', 'reserved', 'surplus'] as const
      const overSteps = names.every((name) => {
        const moved = steps.reduce((sum, { change }) => sum + (change?.[name] ?? 0n), 0n)
        return moved === (end[name] ?? 0n) - (start[name] ?? 0n)
      })
      const overNodes = steps.every(({ change, nodes }) =>
        (['total', 'free', 'surplus'] as const).every(
          (name) =>
            nodes.reduce((sum, node) => sum + (node.change?.[name] ?? 0n), 0n) ===
            (change?.[name] ?? 0n),
        ),
      )
      const out = steps.reduce((sum, { change }) => sum + (change ? handedOut(change) : 0n), 0n)
      return overSteps && overNodes && out === inUseMore(start, end)
    }),
  )
})

t.test('property: only what is the same is back', async () => {
  const same = (a: Pool, b: Pool) =>
    a.reserved === b.reserved &&
    a.nodes.every((one, index) => {
      const other = b.nodes[index]
      return one.total === other?.total && one.free === other.free && one.surplus === other.surplus
    })
  fc.assert(fc.property(pools, pools, (a, b) => isBack(a, a) && isBack(a, b) === same(a, b)))
})

t.test('surplus that moves by itself, and what is more than that', async (t) => {
  const on = (node: number, free: bigint, surplus: bigint) => ({ node, total: 8n, free, surplus })
  const start: Pool = poolOf(2n * M, {
    total: 16n,
    free: 16n,
    reserved: 3n,
    surplus: 4n,
    nodes: [on(0, 8n, 4n), on(1, 8n, 0n)],
  })
  const moved = (first: bigint, second: bigint, rest: Partial<Pool> = {}): Pool => {
    const sum = first + second
    const nodes = start.nodes.map((one, index) => {
      const pages = index === 0 ? first : second
      return {
        ...one,
        total: one.total + pages,
        free: one.free + pages,
        surplus: one.surplus + pages,
      }
    })
    return { ...start, total: 16n + sum, free: 16n + sum, surplus: 4n + sum, nodes, ...rest }
  }
  const { nodes: _, ...whole } = moved(-2n, 0n)
  for (const [now, movement, why] of [
    [start, undefined, 'nothing'],
    [moved(-1n, 0n), { gone: 1n, made: 0n }, 'freed on a node with surplus'],
    [moved(0n, 2n), { gone: 0n, made: 2n }, 'made and not used'],
    [moved(-1n, 1n), { gone: 1n, made: 1n }, 'from node to node'],
    [moved(-1n, 0n, { reserved: 4n }), undefined, 'and a reservation'],
    [moved(-1n, 0n, { free: 14n }), undefined, 'and a page in use'],
    [moved(-1n, 0n, { surplus: 4n }), undefined, 'and a persistent page'],
    [moved(0n, 0n, { total: 17n }), undefined, 'counters of which the nodes know nothing'],
  ] as const)
    t.strictSame(surplusMovement(start, now), movement, why)
  t.strictSame(
    surplusMovement({ ...start, nodes: [] }, { ...whole, nodes: [] }),
    { gone: 2n, made: 0n },
    'a kernel without nodes',
  )
})
