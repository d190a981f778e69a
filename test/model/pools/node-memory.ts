import t from 'tap'
import type { Machine } from '../../../src/model/pools/machine.ts'
import { checkNodeMemory } from '../../../src/model/pools/node-memory.ts'
import { poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const pool = poolOf(2n * M, { total: 4n, free: 4n })
const memory = { total: 8n * G, available: 8n * G }
const nodes = [0, 1].map((id) => ({ id, hasMemory: true, memory: undefined }))
const machine = { pools: [pool], nodes, memory } as unknown as Machine
const wanted = (requested: bigint | undefined) => ({
  pool,
  node: 1,
  count: { kind: 'pages', sign: '', pages: requested ?? 0n } as const,
  before: 0n,
  requested,
})

t.test('the memory of the machine says nothing of a node', async (t) => {
  const message = 'the kernel does not say how much memory node 1 has'
  t.throws(() => checkNodeMemory(machine, wanted(9n), undefined), {
    code: 'E_UNSUPPORTED',
    message,
    hint: '--leave 0 lets the kernel try',
  })
  t.throws(() => checkNodeMemory(machine, wanted(undefined), 0n), { message, hint: undefined })
  checkNodeMemory(machine, wanted(9n), 0n)
  checkNodeMemory(machine, wanted(0n), undefined)
  const { memory: unknown, ...blind } = machine
  t.ok(unknown)
  checkNodeMemory(blind as Machine, wanted(9n), undefined)
})
