import t from 'tap'
import { memoryless } from '../../../src/model/pools/memoryless-node.ts'
import { machineOf, nodeOf } from '../../helpers/run.ts'

t.test('a node without memory, and those that have some', async (t) => {
  const of = (...memory: readonly bigint[]) => {
    const machine = machineOf(
      [],
      memory.map((bytes, id) => nodeOf(id, bytes)),
    )
    const { code, reason, message, hint } = memoryless(machine, 2, ', so no pages')
    return [code, reason, message, hint]
  }
  const error = ['E_UNSUPPORTED', 'no-node', 'node 2 has no memory, so no pages']
  t.strictSame(of(1n, 1n, 0n), [...error, 'nodes 0-1 have memory'])
  t.strictSame(of(0n, 1n, 0n), [...error, 'node 1 has memory'])
  t.strictSame(of(0n, 0n, 0n), [...error, undefined])
})

t.test('nothing stands behind it where nothing follows', async (t) => {
  t.equal(memoryless(machineOf([], []), 7).message, 'node 7 has no memory')
})
