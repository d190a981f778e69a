import fc from 'fast-check'
import t from 'tap'
import {
  defaultMargin,
  isMeasured,
  largestFit,
  type MemoryDemand,
  type MemoryRoom,
  overdrawn,
  roomsOf,
} from '../../../src/model/pools/margin.ts'
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

/** What a demand takes from a room, page by page: dealt out to its nodes in turn, the first first. */
const dealt = ({ size, pages, nodes }: MemoryDemand, { node }: MemoryRoom): bigint => {
  if (node === undefined) return size * pages
  if (!nodes.includes(node)) return 0n
  // Where the kernel begins is not known: a node may be the one that gets the page left over.
  const hands = Array.from({ length: Number(pages) }, (_, page) => page % nodes.length)
  return size * BigInt(hands.filter((hand) => hand === 0).length)
}

const tooMuch = (room: MemoryRoom, demands: readonly MemoryDemand[]): boolean => {
  const taken = demands.map((one) => dealt(one, room)).reduce((sum, bytes) => sum + bytes, 0n)
  return taken !== 0n && room.available - taken < room.leave
}

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

t.test('a room is overdrawn exactly where dealing out the pages leaves too little', async () => {
  fc.assert(
    fc.property(rooms, fc.array(demand, { maxLength: 3 }), (rooms, demands) => {
      return overdrawn(rooms, demands) === rooms.find((room) => tooMuch(room, demands))
    }),
    { numRuns: 1000 },
  )
})

t.test('the largest fit fits, and one page more does not', async () => {
  fc.assert(
    fc.property(rooms, fc.array(demand, { maxLength: 2 }), demand, (rooms, others, last) => {
      fc.pre(overdrawn(rooms, others) === undefined)
      const fits = largestFit(rooms, others, last) ?? -1n
      const at = (pages: bigint) => overdrawn(rooms, [...others, { ...last, pages }])
      return at(fits) === undefined && at(fits + 1n) !== undefined
    }),
    { numRuns: 1000 },
  )
})

t.test('the largest fit is what counting up finds', async () => {
  fc.assert(
    fc.property(rooms, demand, (rooms, last) => {
      let pages = 0n
      while (overdrawn(rooms, [{ ...last, pages: pages + 1n }]) === undefined) pages += 1n
      return largestFit(rooms, [], last) === pages
    }),
  )
})

t.test('more memory never fits less, a larger margin never fits more', async () => {
  fc.assert(
    fc.property(rooms, demand, small(30n), (rooms, last, more) => {
      const fits = largestFit(rooms, [], last) ?? -1n
      const richer = rooms.map((room) => ({ ...room, available: room.available + more }))
      const stricter = rooms.map((room) => ({ ...room, leave: room.leave + more }))
      const poorer = largestFit(stricter, [], last) ?? -1n
      return (largestFit(richer, [], last) ?? -1n) >= fits && poorer <= fits
    }),
  )
})

t.test('where nothing is taken nothing is overdrawn, however little there is', async (t) => {
  const poor: MemoryRoom = { available: 0n, leave: 64n * M }
  t.equal(overdrawn([poor], []), undefined)
  t.equal(overdrawn([poor], [{ size: 2n * M, pages: 0n, nodes: [0] }]), undefined)
  t.equal(largestFit([poor], [], { size: 2n * M, pages: 0n, nodes: [0] }), 0n)
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
  t.equal(largestFit([], [], { size: 2n * M, pages: 0n, nodes: [0] }), undefined)
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
