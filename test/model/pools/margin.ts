import t from 'tap'
import {
  canGive,
  defaultMargin,
  equalShares,
  isMeasured,
  largestFit,
  type MemoryDemand,
  type MemoryRoom,
  roomFor,
  roomsAfter,
  roomsOf,
  sharesWithin,
} from '../../../src/model/pools/margin.ts'
import * as fc from '../../helpers/property.ts'
import { machineOf, nodeOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const small = (most: bigint) => fc.bigInt(0n, most)
const nodes = fc.subarray([0, 1, 2], { minLength: 1 })
const demand: fc.Arbitrary<MemoryDemand> = fc.record({
  size: fc.bigInt(1n, 4n),
  pages: small(12n),
  nodes,
})
const room = (node: number): fc.Arbitrary<MemoryRoom> =>
  fc.record({ node: fc.constant(node), available: small(60n), leave: small(20n) })
const whole: fc.Arbitrary<MemoryRoom> = fc.record({ available: small(120n), leave: small(20n) })
const rooms = fc.tuple(room(0), room(1), room(2), whole)

const spareOf = ({ available, leave }: MemoryRoom): bigint =>
  available > leave ? available - leave : 0n

const roomOn = (rooms: readonly MemoryRoom[], wanted: number | undefined) =>
  rooms.find(({ node }) => node === wanted) as MemoryRoom

t.test('the default margin is 2% and never below 64 MiB', async (t) => {
  t.equal(defaultMargin(0n), 64n * M)
  t.equal(defaultMargin(3200n * M), 64n * M)
  t.equal(defaultMargin(6400n * M), 128n * M)
  t.equal(defaultMargin(100n * G), 2n * G)
})

t.test('the default margin grows with memory', async () => {
  fc.assert(
    fc.property(small(2n ** 50n), small(2n ** 50n), (a, b) => {
      return defaultMargin(a) <= defaultMargin(a + b)
    }),
  )
})

/** The most pages, found by taking one after another from the node that can give most. */
const takenOneByOne = (rooms: readonly MemoryRoom[], { size, nodes }: MemoryDemand): bigint => {
  const spare = new Map([...nodes, undefined].map((node) => [node, spareOf(roomOn(rooms, node))]))
  const left = (node: number | undefined) => spare.get(node) ?? 0n
  for (let pages = 0n; ; pages += 1n) {
    const [node] = [...nodes].sort((a, b) => Number(left(b) - left(a)))
    if (left(node) < size || left(undefined) < size) return pages
    for (const place of [node, undefined]) spare.set(place, left(place) - size)
  }
}

t.test('the largest fit is what taking page by page finds', async () => {
  fc.assert(
    fc.property(
      rooms,
      demand,
      (rooms, demand) => largestFit(rooms, demand) === takenOneByOne(rooms, demand),
    ),
    { numRuns: 1000 },
  )
})

t.test('shares within the rooms are as equal as the rooms allow', async () => {
  fc.assert(
    fc.property(rooms, demand, (rooms, demand) => {
      const pages = largestFit(rooms, demand) ?? 0n
      fc.pre(demand.pages <= pages)
      const { size, nodes } = demand
      const shares = sharesWithin(rooms, demand)
      const of = (node: number) => shares.get(node) ?? 0n
      const most = nodes.reduce((all, node) => (of(node) > all ? of(node) : all), 0n)
      const isFull = (node: number) => spareOf(roomOn(rooms, node)) < (of(node) + 1n) * size
      return (
        nodes.reduce((sum, node) => sum + of(node), 0n) === demand.pages &&
        canGive(rooms, size, shares) &&
        nodes.every((node) => of(node) >= most - 1n || isFull(node))
      )
    }),
    { numRuns: 1000 },
  )
})

t.test('an equal share is the most that the kernel takes of a node in turn', async () => {
  fc.assert(
    fc.property(demand, fc.nat(2), (demand, first) => {
      const shares = equalShares(demand)
      const { nodes } = demand
      const taken = new Map<number, bigint>()
      for (let page = 0n; page < demand.pages; page += 1n) {
        const node = nodes[(first + Number(page)) % nodes.length] ?? 0
        taken.set(node, (taken.get(node) ?? 0n) + 1n)
      }
      return nodes.every((node) => {
        const lost = taken.get(node) ?? 0n
        return (shares.get(node) ?? 0n) >= lost && (shares.get(node) ?? 0n) <= lost + 1n
      })
    }),
  )
})

t.test('what is taken is gone from the node and from the machine', async (t) => {
  const rooms: readonly MemoryRoom[] = [
    { node: 0, available: 10n, leave: 1n },
    { node: 1, available: 20n, leave: 1n },
    { available: 30n, leave: 2n },
  ]
  const demand = { size: 2n, pages: 3n, nodes: [0, 1] }
  const left = roomsAfter(
    rooms,
    demand,
    new Map([
      [0, 1n],
      [1, 2n],
    ]),
  )
  t.strictSame(
    left.map(({ available }) => available),
    [8n, 16n, 24n],
  )
  t.equal(roomFor(left, 1)?.available, 16n)
  t.equal(roomFor(left, undefined)?.available, 24n)
  t.equal(roomFor(left, 7), undefined)
})

t.test('more memory never fits less, a larger margin never fits more', async () => {
  fc.assert(
    fc.property(rooms, demand, small(30n), (rooms, last, more) => {
      const fits = largestFit(rooms, last) ?? -1n
      const richer = rooms.map((room) => ({ ...room, available: room.available + more }))
      const stricter = rooms.map((room) => ({ ...room, leave: room.leave + more }))
      const poorer = largestFit(stricter, last) ?? -1n
      return (largestFit(richer, last) ?? -1n) >= fits && poorer <= fits
    }),
  )
})

t.test(
  'what a demand leaves is known for the machine, or for every node it draws on',
  async (t) => {
    const rooms: readonly MemoryRoom[] = [0, 1].map((node) => ({ node, available: G, leave: 0n }))
    const on = (...nodes: number[]): MemoryDemand => ({ size: 2n * M, pages: 1n, nodes })
    const known = (...nodes: number[]) => isMeasured(rooms, on(...nodes))
    t.strictSame([known(0), known(0, 1)], [true, true])
    t.strictSame([known(), known(2), known(0, 2)], [false, false, false])
    t.equal(isMeasured([{ available: G, leave: 0n }], on(2)), true, 'the machine as a whole')
  },
)

const named = (...nodes: number[]) => ({ named: new Set(nodes), spread: 2 })

t.test('nothing limits a growth where no memory is known', async (t) => {
  const demand = { size: 2n * M, pages: 0n, nodes: [0, 1] }
  const known: MemoryRoom = { node: 0, available: G, leave: 0n }
  t.equal(largestFit([], demand), undefined)
  t.equal(largestFit([known], demand), undefined, 'not known of one node')
  t.equal(largestFit([known], { ...demand, nodes: [0] }), 512n)
  t.equal(canGive([known], 2n * M, new Map([[1, 1000n]])), true)
})

t.test('a single node counts with what the machine says', async (t) => {
  const machine = { ...machineOf([], [nodeOf(0, 8n * G)]), memory: { total: 8n * G, available: G } }
  t.strictSame(roomsOf(machine, new Map(), undefined, named()), [
    { available: G, leave: (8n * G * 2n) / 100n },
  ])
})

t.test('several nodes are rooms beside the machine, those without memory are none', async (t) => {
  const machine = machineOf([], [nodeOf(0, 2n * G), nodeOf(1, 0n), nodeOf(4, 8n * G, 3n * G)])
  const freed = new Map<number | undefined, bigint>([
    [4, M],
    [undefined, M],
  ])
  t.strictSame(roomsOf(machine, freed, undefined, named()), [
    { available: 2n * G, leave: 64n * M, node: 0 },
    { available: 3n * G + M, leave: (8n * G * 2n) / 100n, node: 4 },
    { available: 5n * G + M, leave: (10n * G * 2n) / 100n },
  ])
})

t.test('of what has to be left every node that is not named keeps an equal part', async (t) => {
  const machine = machineOf([], [nodeOf(0, 2n * G), nodeOf(1, 2n * G)])
  const leaves = (...nodes: number[]) =>
    roomsOf(machine, new Map(), G, named(...nodes)).map(({ leave }) => leave)
  t.strictSame(leaves(), [G / 2n, G / 2n, G])
  t.strictSame(leaves(1), [G / 2n, G, G], 'a node that is named keeps it all')
})

t.test('without NUMA there is the machine alone', async (t) => {
  const machine = { ...machineOf([], []), memory: { total: G, available: G / 2n } }
  t.strictSame(roomsOf(machine, new Map(), 0n, named()), [{ available: G / 2n, leave: 0n }])
})
