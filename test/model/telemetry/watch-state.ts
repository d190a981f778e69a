import t from 'tap'
import type { PageHold } from '../../../src/model/processes/who/page-hold.ts'
import { mostEvents, newWatch, withLook } from '../../../src/model/telemetry/watch-state.ts'
import { lookAt, nodePart, seenPool } from '../../helpers/pool-look.ts'
import { G, M } from '../../helpers/sizes.ts'

const asked = { interval: 2000, perNode: false, showsHolders: true }
const hold: PageHold = { kind: 'mapping', size: 2n * M, pages: 1n }

const used = (at: number, pages: bigint) =>
  lookAt(at, [seenPool({ free: 100n - pages })], { holds: [hold] })

t.test('a new watch has seen nothing', async (t) => {
  t.strictSame(newWatch(asked), {
    looks: 0,
    events: [],
    fresh: [],
    isPaused: false,
    showsHelp: false,
    poolOrder: 'size',
    holderOrder: 'pages',
    scroll: 0,
    interval: 2000,
    perNode: false,
    showsHolders: true,
  })
})

t.test('it keeps the first look, the last two, and what happened', async (t) => {
  const { holds, ...first } = used(0, 0n)
  const one = withLook(newWatch(asked), used(0, 0n))
  t.strictSame(one, { ...newWatch(asked), looks: 1, first, last: used(0, 0n) })
  const two = withLook(one, used(2000, 3n))
  const event = { moment: Date.UTC(2026, 0, 1) + 2000, words: '2M: 3 pages faulted in' }
  t.strictSame(two, {
    ...newWatch(asked),
    looks: 2,
    first,
    before: first,
    last: used(2000, 3n),
    events: [event],
    fresh: [event],
  })
  const three = withLook(two, used(4000, 3n))
  const { holds: _, ...before } = used(2000, 3n)
  t.strictSame(three, { ...two, looks: 3, before, last: used(4000, 3n), fresh: [] })
})

t.test(
  'where fewer lines are left than were scrolled away, the last one is in sight',
  async (t) => {
    const many = lookAt(0, [seenPool()], { holds: Array.from({ length: 30 }, () => hold) })
    const scrolled = { ...withLook(newWatch(asked), many), scroll: 20 }
    const few = (count: number) =>
      withLook(scrolled, { ...many, holds: Array.from({ length: count }, () => hold) }).scroll
    t.strictSame([few(30), few(20), few(19), few(5), few(0)], [20, 20, 19, 5, 0])
    const pools = [seenPool({ nodes: [nodePart(0, 1n, 1n)] }), seenPool({ size: G })]
    const ofNodes = withLook(newWatch({ ...asked, perNode: true }), lookAt(0, pools))
    const { nodes: _, ...gone } = lookAt(2000, pools)
    t.equal(withLook({ ...ofNodes, scroll: 3 }, { ...gone, nodes: [] }).scroll, 1, 'a node is gone')
    t.equal(withLook({ ...ofNodes, scroll: 3 }, lookAt(2000, [])).scroll, 0, 'all pools are gone')
  },
)

t.test('after ten thousand looks it is as large as after a few hundred', async (t) => {
  const sizeOf = (state: unknown): number =>
    JSON.stringify(state, (_, value) => (typeof value === 'bigint' ? `${value}` : value)).length
  let state = newWatch(asked)
  const sizes: number[] = []
  for (let look = 1; look <= 10_000; look += 1) {
    state = withLook(state, used(1_000_000 + look, BigInt(look % 2)))
    if (look === 1000 || look === 10_000) sizes.push(sizeOf({ ...state, looks: 0 }))
  }
  t.strictSame([state.events.length, mostEvents], [100, 100])
  t.equal(state.looks, 10_000)
  t.equal(state.events.at(-1)?.moment, Date.UTC(2026, 0, 1) + 1_010_000)
  t.equal(sizes[0], sizes[1])
})
