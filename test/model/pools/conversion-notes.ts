import t from 'tap'
import { addedSurplusNotes, conversionNotes } from '../../../src/model/pools/conversion-notes.ts'
import { type PoolStep, stepFor } from '../../../src/model/pools/pool-plan.ts'
import { machineOf, poolOf } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const size = 2n * M

const nodes = [
  { node: 0, total: 4n, free: 0n, surplus: 3n },
  { node: 1, total: 4n, free: 0n, surplus: 0n },
]
const pool = poolOf(size, { total: 8n, surplus: 3n, nodes })

const step = (value: bigint, node?: number, before = 4n): PoolStep =>
  stepFor({ size, attribute: 'persistent', ...(node !== undefined && { node }) }, before, value)

t.test('a kernel that adds the surplus of other nodes cannot set fewer', async (t) => {
  const notes = (...steps: readonly PoolStep[]) =>
    addedSurplusNotes(machineOf([pool], []), { steps })
  const words =
    '2M on node 1: this kernel adds the surplus of other nodes, so no fewer than 3 can be set'
  t.strictSame(notes(step(1n, 1)), [words])
  t.strictSame(notes(step(3n, 1)), [])
  t.strictSame(notes(step(1n, 0)), [], 'its own surplus is not added')
  t.strictSame(notes(step(1n)), [])
  const converted = { ...step(8n), convertsSurplus: true as const }
  t.strictSame(notes(converted, step(1n, 1)), [], 'what is persistent by then is not added')
  const made = { ...step(1n, 0), makesSurplus: true as const }
  t.strictSame(notes(converted, made, step(1n, 1)), [words], 'what becomes surplus before is')
  t.strictSame(notes(converted, step(1n, 1), made), [])
})

t.test('what becomes persistent first is said, with the reason', async (t) => {
  const notes = (idle: bigint, ...steps: readonly PoolStep[]) =>
    conversionNotes({ pool, steps, conversion: { of: 'pool', idle } })
  const first = '2M: all surplus becomes persistent first'
  const counted = ', for this kernel counts it against the pages that are asked for'
  t.strictSame(notes(0n), [`${first}${counted}`])
  t.strictSame(notes(0n, { ...step(1n, 0), lends: true }), [
    `${first}, and is set again on node 0${counted}`,
  ])
  t.strictSame(notes(1n, step(1n, 0)), [
    '2M: 1 free page is surplus: all surplus becomes persistent first, so that the kernel frees what nobody uses',
  ])
  t.match(notes(1n, { ...step(8n, 1), convertsSurplus: true }), [
    /: the surplus of node 1 becomes persistent first, so that/,
  ])
  t.strictSame(conversionNotes({ pool, steps: [], conversion: { of: 'nothing', idle: 0n } }), [])
})
