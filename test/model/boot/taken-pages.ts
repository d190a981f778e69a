import t from 'tap'
import type { BootMachine } from '../../../src/model/boot/boot-machine.ts'
import {
  type BootPages,
  keepInTurn,
  pagesOnAll,
  piecesOf,
  takeFrom,
  takeInTurn,
} from '../../../src/model/boot/taken-pages.ts'
import { G, M } from '../../helpers/sizes.ts'

const size = 2n * M

const machine = (...memory: readonly bigint[]): BootMachine => ({
  sizes: [size, G],
  usualSize: size,
  largestBlock: 4n * M,
  nodes: memory.map((bytes, node) => ({ node, memory: bytes })),
  cpus: 1,
  wordsKept: 5,
  hasCma: false,
  hasFreeVmemmap: true,
})

const none: BootPages = new Map()

const shown = (pages: BootPages, of = size) => [...(pages.get(of) ?? [])]

t.test('pages come from nodes in turn', async (t) => {
  const two = machine(G, G)
  t.strictSame(shown(takeInTurn(two, none, { size, count: 7n })), [
    [0, 4n],
    [1, 3n],
  ])
  t.strictSame(shown(takeInTurn(two, none, { size, count: 7n, first: 1n })), [
    [1, 4n],
    [0, 3n],
  ])
  t.strictSame(shown(takeInTurn(two, none, { size, count: 1n, first: 2n })), [[0, 1n]])
  t.strictSame(shown(takeInTurn(two, none, { size, count: 0n })), [])
  const more = takeInTurn(two, takeInTurn(two, none, { size, count: 3n }), { size, count: 3n })
  t.strictSame(
    shown(more),
    [
      [0, 4n],
      [1, 2n],
    ],
    'those that are there stay',
  )
})

t.test('a node that is full gives no more', async (t) => {
  const uneven = machine(4n * M, 0n, 16n * M)
  t.strictSame(shown(takeInTurn(uneven, none, { size, count: 6n })), [
    [0, 2n],
    [2, 4n],
  ])
  const all = takeInTurn(uneven, none, { size, count: 10n ** 9n })
  t.strictSame(shown(all), [
    [0, 2n],
    [2, 8n],
  ])
  t.equal(pagesOnAll(all.get(size)), 10n)
  t.equal(pagesOnAll(undefined), 0n)
  t.strictSame(takeInTurn(machine(), none, { size, count: 3n }), none, 'no node has memory')
})

t.test('the sizes share the memory, and a gigantic size may fit less often', async (t) => {
  const one = machine(2n * G)
  const gigantic = takeInTurn(one, none, { size: G, count: 1n })
  t.strictSame(shown(takeInTurn(one, gigantic, { size, count: 10n ** 6n })), [[0, 512n]])
  const fits = { ...one, nodes: [{ node: 0, memory: 9n * G, fits: new Map([[G, 2n]]) }] }
  const first = takeInTurn(fits, none, { size: G, count: 1n })
  t.strictSame(shown(takeInTurn(fits, first, { size: G, count: 9n }), G), [[0, 2n]])
})

t.test('pages of one node come from there, or from others in its place', async (t) => {
  const three = machine(2n * G, G, 2n * G)
  const wanted = { size: G, node: 0, count: 4n }
  t.strictSame(shown(takeFrom(three, none, { ...wanted, exact: true }), G), [[0, 2n]])
  t.strictSame(shown(takeFrom(three, none, { ...wanted, exact: false }), G), [
    [0, 2n],
    [2, 2n],
  ])
  t.strictSame(shown(takeFrom(three, none, { ...wanted, node: 7, exact: true }), G), [])
})

t.test('pages go in turn', async (t) => {
  const pages = takeInTurn(machine(G, G), none, { size, count: 7n })
  t.strictSame(shown(keepInTurn(pages, size, 4n)), [
    [0, 2n],
    [1, 2n],
  ])
  t.strictSame(shown(keepInTurn(pages, size, 0n)), [
    [0, 0n],
    [1, 0n],
  ])
  t.strictSame(shown(keepInTurn(pages, size, 9n)), [
    [0, 4n],
    [1, 3n],
  ])
  t.strictSame(shown(keepInTurn(none, size, 0n)), [])
  const uneven = new Map([
    [
      size,
      new Map([
        [0, 1n],
        [1, 10n ** 9n],
      ]),
    ],
  ])
  t.strictSame(
    shown(keepInTurn(uneven, size, 5n)),
    [
      [0, 0n],
      [1, 5n],
    ],
    'at once, however many',
  )
})

t.test('a count is cut into pieces for threads', async (t) => {
  t.strictSame(piecesOf(7n, 4n), [1n, 1n, 1n, 1n, 1n, 1n, 1n])
  t.strictSame(piecesOf(10n, 4n), [2n, 2n, 2n, 2n, 2n])
  t.strictSame(piecesOf(9n, 4n), [2n, 2n, 2n, 2n, 1n])
  t.strictSame(piecesOf(16n, 4n), [4n, 4n, 4n, 4n])
  t.strictSame(piecesOf(3n, 4n), [1n, 1n, 1n])
  t.strictSame(piecesOf(7n, 2n), [3n, 3n, 1n])
  t.strictSame(piecesOf(7n, 1n), [7n])
  t.strictSame(piecesOf(1n, 4n), [1n])
  t.strictSame(piecesOf(2n ** 64n - 1n, 1n), [-1n], 'an int that is -1 is no page')
})
