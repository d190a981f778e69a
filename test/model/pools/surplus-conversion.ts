import t from 'tap'
import type { FittedCount } from '../../../src/model/pools/memory-fit.ts'
import {
  conversionFor,
  hasIdle,
  partOf,
  policyNodes,
  roomToFree,
} from '../../../src/model/pools/surplus-conversion.ts'
import { poolOf } from '../../helpers/run.ts'

const nodes = [
  { node: 0, total: 8n, free: 0n, surplus: 4n },
  { node: 1, total: 6n, free: 6n, surplus: 2n },
]
const pool = poolOf(1n, { total: 14n, free: 6n, surplus: 6n, nodes })

const asked = (requested: bigint, node?: number): FittedCount => ({
  ...{ pool, requested, before: 0n, count: { kind: 'pages', sign: '', pages: requested } },
  ...(node !== undefined && { node }),
})

t.test('a part is a node, the nodes of a policy, or the pool', async (t) => {
  t.strictSame(partOf(asked(3n, 1), undefined), {
    ...{ node: 1, total: 6n, free: 6n, surplus: 2n, idle: 2n, requested: 3n },
  })
  t.hasStrict(partOf(asked(3n), undefined), { total: 14n, free: 6n, idle: 2n, requested: 3n })
  const bound = partOf(asked(7n), [1])
  t.strictSame(bound, { total: 6n, free: 6n, surplus: 2n, idle: 2n, requested: 3n })
  t.equal(partOf(asked(3n), [1]).requested, 0n, 'never below none')
})

t.test('a cpuset limits the nodes of a policy', async (t) => {
  const policy = { mode: 'bind', nodes: [0, 1] } as const
  t.strictSame(policyNodes({}, policy), [0, 1])
  t.strictSame(policyNodes({ allowedNodes: [1] }, policy), [1])
})

t.test('pages that come on one node serve reservations instead of others', async (t) => {
  const parts = [partOf(asked(9n, 0), undefined), partOf(asked(0n, 1), undefined)]
  t.equal(roomToFree(pool, parts), 7n)
  t.equal(roomToFree({ ...pool, reserved: 6n }, parts), 1n)
})

const kernels = {
  later: { nodeFilesHeedSurplus: true, freesBesideSurplus: true },
  older: { nodeFilesHeedSurplus: true, freesBesideSurplus: false },
  oldest: { nodeFilesHeedSurplus: false, freesBesideSurplus: false },
}

const decisions = (requested: bigint, node?: number, on = pool) =>
  Object.values(kernels).map((rules) => {
    const part = partOf({ ...asked(requested, node), pool: on }, undefined)
    return conversionFor(on, [part], rules).of
  })

t.test('surplus becomes persistent where a kernel would not do what is asked for', async (t) => {
  t.strictSame(decisions(0n, 1), ['parts', 'pool', 'pool'], 'idle surplus, on every kernel')
  t.strictSame(decisions(6n, 1), ['nothing', 'nothing', 'pool'], 'beside what others have')
  t.strictSame(decisions(4n, 1), ['parts', 'pool', 'pool'], 'where persistent is the count already')
  const used = poolOf(1n, {
    ...{ total: 14n, free: 6n, surplus: 4n },
    nodes: [
      { node: 0, total: 8n, free: 0n, surplus: 4n },
      { ...nodes[1], node: 1, total: 6n, free: 6n, surplus: 0n },
    ],
  })
  t.strictSame(decisions(8n, undefined, used), ['nothing', 'nothing', 'nothing'], 'enough are free')
  t.strictSame(decisions(7n, undefined, used), ['nothing', 'pool', 'pool'])
  t.strictSame(decisions(4n, 1, used), ['nothing', 'nothing', 'pool'])
  t.strictSame(decisions(3n, 1, used), ['nothing', 'pool', 'pool'])
  t.strictSame(decisions(6n, 1, used), ['nothing', 'nothing', 'nothing'], 'as it is')
})

t.test('a part has idle surplus where it is set below what it has', async (t) => {
  t.equal(hasIdle(partOf(asked(0n, 1), undefined)), true)
  t.equal(hasIdle(partOf(asked(6n, 1), undefined)), false)
  t.equal(hasIdle(partOf(asked(0n, 0), undefined)), false)
  const single = { total: 6n, free: 6n, surplus: 1n, idle: 1n, requested: 0n }
  t.equal(hasIdle(single), true, 'a single page')
  t.equal(hasIdle({ ...single, idle: 0n }), false)
})
