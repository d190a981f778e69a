import t from 'tap'
import { freeSurplus, freeSurplusOf, idleSurplus } from '../../../src/model/pools/idle-surplus.ts'
import { poolOf } from '../../helpers/run.ts'

t.test('free surplus is what is neither asked for nor in use, node by node', async (t) => {
  t.equal(freeSurplusOf({ total: 8n, free: 3n, surplus: 5n }), 3n)
  t.equal(freeSurplusOf({ total: 8n, free: 5n, surplus: 3n }), 3n)
  const nodes = [
    { node: 0, total: 8n, free: 0n, surplus: 4n },
    { node: 1, total: 4n, free: 4n, surplus: 1n },
  ]
  const pool = poolOf(1n, { total: 12n, free: 4n, surplus: 5n, nodes })
  t.equal(freeSurplus(pool), 1n)
  t.equal(freeSurplus({ ...pool, nodes: [] }), 4n, 'without nodes')
})

t.test('it is idle as far as it is not reserved', async (t) => {
  const nodes = [
    { node: 0, total: 8n, free: 8n, surplus: 0n },
    { node: 1, total: 4n, free: 4n, surplus: 4n },
  ]
  const pool = poolOf(1n, { total: 12n, free: 12n, surplus: 4n, nodes })
  const idle = (reserved: bigint) =>
    [undefined, 0, 1].map((on) => idleSurplus({ ...pool, reserved }, on))
  t.strictSame(idle(8n), [4n, 0n, 4n])
  t.strictSame(idle(10n), [2n, 0n, 2n])
  t.strictSame(idle(12n), [0n, 0n, 0n])
  t.strictSame(idle(-1n), [4n, 0n, 4n], 'wrapped')
})
