import t from 'tap'
import { scrolledTo, shownPoolLines } from '../../../src/model/telemetry/watch-scroll.ts'
import { newWatch, withLook } from '../../../src/model/telemetry/watch-state.ts'
import { lookAt, nodePart, seenPool } from '../../helpers/pool-look.ts'
import { G, M } from '../../helpers/sizes.ts'

const unlooked = newWatch({ interval: 2000, perNode: false, showsHolders: false })
const pools = [
  seenPool({ nodes: [nodePart(0, 50n, 50n), nodePart(1, 50n, 50n)] }),
  seenPool({ size: G }),
]
const hold = { kind: 'mapping' as const, size: 2n * M, pages: 1n }
const state = withLook(unlooked, lookAt(0, pools, { holds: [hold, hold, hold] }))

t.test('a line for each pool, and with nodes one for each of them in every pool', async (t) => {
  t.strictSame([unlooked, state, { ...state, perNode: true }].map(shownPoolLines), [0, 2, 6])
})

t.test('no line before the first and none behind the last is scrolled to', async (t) => {
  const lines = [-1, 0, 1, 2, 4, 5, 1000]
  const scrolled = (from: typeof state) => lines.map((line) => scrolledTo(from, line).scroll)
  t.strictSame(scrolled(unlooked), [0, 0, 0, 0, 0, 0, 0])
  t.strictSame(scrolled(state), [0, 0, 1, 1, 1, 1, 1], 'holders that are not shown do not count')
  t.strictSame(scrolled({ ...state, showsHolders: true }), [0, 0, 1, 2, 4, 4, 4])
  t.strictSame(scrolled({ ...state, showsHolders: true, perNode: true }), [0, 0, 1, 2, 4, 5, 8])
  const { holds, ...unseen } = lookAt(1, pools)
  t.strictSame(scrolled({ ...withLook(state, unseen), showsHolders: true }), [0, 0, 1, 1, 1, 1, 1])
})
