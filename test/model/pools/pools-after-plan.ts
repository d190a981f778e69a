import t from 'tap'
import { poolsAfterPlan } from '../../../src/model/pools/pools-after-plan.ts'
import { planResize } from '../../../src/model/pools/resize-plan.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const on = (node: number, total: bigint, free: bigint, surplus = 0n) => ({
  node,
  total,
  free,
  surplus,
})
/** 6 persistent pages and 2 of surplus; 5 are in use. */
const pool = poolOf(2n * M, {
  total: 8n,
  free: 3n,
  surplus: 2n,
  nodes: [on(0, 5n, 3n), on(1, 3n, 0n, 2n)],
})
const other = poolOf(G, { total: 1n, free: 1n, nodes: [on(0, 1n, 1n), on(1, 0n, 0n)] })
const machine = machineOf([pool, other], [nodeOf(0, 4n * G), nodeOf(1, 4n * G)])

const after = (words: string) => {
  const assignments = words.split(' ').map(parseAssignment)
  const plan = planResize(machine, { assignments, keepGoing: true })
  return poolsAfterPlan(machine.pools, plan).map(({ total, free, surplus }) => [
    total,
    free,
    surplus,
  ])
}

t.test('what is not planned stays as it is', async (t) => {
  t.strictSame(poolsAfterPlan(machine.pools, { settings: [] }), machine.pools)
  t.strictSame(after('2M=6'), [
    [8n, 3n, 2n],
    [1n, 1n, 0n],
  ])
})

t.test('a growth makes surplus persistent first', async (t) => {
  t.strictSame(after('2M=7')[0], [8n, 3n, 1n])
  t.strictSame(after('2M=8')[0], [8n, 3n, 0n])
  t.strictSame(after('2M=12')[0], [12n, 7n, 0n])
})

t.test('a shrink frees free pages, and the rest is surplus', async (t) => {
  t.strictSame(after('2M=5')[0], [7n, 2n, 2n])
  t.strictSame(after('2M=1')[0], [5n, 0n, 4n])
})

t.test('nodes, of more than one pool', async (t) => {
  t.strictSame(after('2M=0:3,1:4 1G=0:0,1:2'), [
    [7n, 2n, 0n],
    [2n, 2n, 0n],
  ])
})

t.test('what was cut comes as far as it fits', async (t) => {
  t.strictSame(after('1G=99')[1], [7n, 7n, 0n])
})
