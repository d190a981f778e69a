import t from 'tap'
import { settledSizes } from '../../../src/model/config/settled-pools.ts'
import { poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const on = (node: number, total: bigint, surplus = 0n) => ({ node, total, free: total, surplus })
const machine = {
  pools: [
    poolOf(2n * M, { total: 8n, surplus: 2n, nodes: [on(0, 5n, 2n), on(1, 3n)] }),
    poolOf(G, { total: 1n, nodes: [on(0, 1n), on(1, 0n)] }),
  ],
}
const attribute = 'persistent' as const

t.test('pools that have what is planned, surplus or not', async (t) => {
  const settled = (...settings: Parameters<typeof settledSizes>[1]['settings']) => [
    ...settledSizes(machine, { settings }),
  ]
  const whole = { size: 2n * M, attribute, requested: 6n }
  const nodes = [3n, 3n].map((requested, node) => ({ size: 2n * M, attribute, node, requested }))
  const large = { size: G, attribute, requested: 9n }
  t.strictSame(settled(), [])
  t.strictSame(settled(whole, large), [2n * M])
  t.strictSame(settled(...nodes), [2n * M])
  t.strictSame(settled(...nodes, { ...whole, requested: 7n }), [], 'all of its numbers')
  t.strictSame(settled({ ...whole, requested: 8n }), [])
  t.strictSame(settled({ ...large, planned: 1n }), [G], 'no more can be had')
})
