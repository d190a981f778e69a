import t from 'tap'
import { demandOf, fittingCount, givingNodes } from '../../../src/model/pools/memory-demand.ts'
import { parseCount } from '../../../src/model/words/count.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const on = (node: number, surplus: bigint) => ({ node, total: 4n, free: 0n, surplus })
const pool = poolOf(2n * M, { total: 8n, surplus: 3n, nodes: [on(0, 1n), on(1, 2n)] })
const large = poolOf(G)
const machine = machineOf([pool, large], [nodeOf(0, 4n * G), nodeOf(1, 4n * G), nodeOf(3, 0n)])
const one = { pool, count: parseCount('9'), before: 5n, requested: 9n }

t.test('the nodes that give pages', async (t) => {
  const policy = { mode: 'bind', nodes: [1] } as const
  t.strictSame(givingNodes(machine, undefined, { pool, node: 3 }), [3])
  t.strictSame(givingNodes(machine, undefined, { pool }), [0, 1])
  t.strictSame(givingNodes(machine, policy, { pool }), [1])
  const confined = { ...machine, allowedNodes: [0] }
  t.strictSame(givingNodes(confined, undefined, { pool }), [0])
  t.strictSame(givingNodes(confined, policy, { pool }), [])
  t.strictSame(givingNodes(confined, undefined, { pool: large }), [0, 1], 'gigantic pages')
  t.strictSame(givingNodes(confined, undefined, { pool, node: 1 }), [1])
})

t.test('a growth needs memory for what surplus does not bring', async (t) => {
  t.strictSame(demandOf([0, 1], one, 9n), { size: 2n * M, pages: 1n, nodes: [0, 1] })
  t.strictSame(demandOf([0], { ...one, before: 3n, node: 0 }, 9n).pages, 5n)
  t.strictSame(demandOf([0], one, 4n).pages, 0n)
})

t.test('the largest count that fits', async (t) => {
  const rooms = [{ available: 11n * M, leave: 2n * M }]
  t.equal(fittingCount(rooms, one, [0, 1]), 12n)
  t.throws(() => fittingCount([], one, [0, 1]), {
    code: 'E_UNSUPPORTED',
    reason: 'not-shown',
    message: 'the kernel does not say how much memory there is',
  })
})
