import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readPinned } from '../../../../src/kernel/processes/scan/page-flags.ts'
import { directoryTree } from '../../../../src/kernel/tree.ts'
import { temporary } from '../../../helpers/run.ts'
import { M } from '../../../helpers/sizes.ts'

const small = 2n ** 16n
const large = 2n * M
const basePage = 4096n

const mapped = 2 ** 11
const anonymous = 2 ** 12
const tail = 2 ** 16
const huge = 2 ** 17
/** A flag of the upper half of an entry, which tells nothing here. */
const upper = 2n ** 32n

/** A page: its first frame, its number of frames and the flags of its head beside `huge`. */
type Page = readonly [frame: number, frames: number, flags: number]

const flagsOf = (frames: number, pages: readonly Page[], others: readonly Page[]): Buffer => {
  const bytes = Buffer.alloc(frames * 8)
  const set = (frame: number, flags: number) =>
    bytes.writeBigUInt64LE(BigInt(flags) | upper, frame * 8)
  for (const [first, count, flags] of pages)
    for (let at = 0; at < count; at += 1) set(first + at, huge | (at === 0 ? flags : tail))
  for (const [first, count, flags] of others)
    for (let at = 0; at < count; at += 1) set(first + at, flags)
  return bytes
}

const zone = (name: string, spanned: number, start: number): string =>
  `Node 0, zone ${name}\n  pages free     1\n        spanned  ${spanned}\n        present  9999\n` +
  `    nr_free_pages 99999\n  start_pfn:           ${start}\n`

interface Machine {
  readonly frames: number
  readonly pages: readonly Page[]
  readonly others?: readonly Page[]
  /** The text of /proc/zoneinfo; by default one zone with all frames. */
  readonly zones?: string
}

const machine = (t: Test, { frames, pages, others = [], zones }: Machine) => {
  const root = temporary(t)
  mkdirSync(join(root, 'proc'))
  writeFileSync(join(root, 'proc/kpageflags'), flagsOf(frames, pages, others))
  writeFileSync(join(root, 'proc/zoneinfo'), zones ?? zone('Normal', frames, 0))
  return directoryTree(root)
}

const pinned = (t: Test, about: Machine, sizes: readonly bigint[] = [large, small]) =>
  readPinned(machine(t, about), sizes, basePage)

t.test('private pages that no page table has are counted by their size', async (t) => {
  const pages: readonly Page[] = [
    [0, 16, anonymous],
    [16, 16, anonymous | mapped],
    [32, 16, mapped],
    [48, 16, 0],
    [512, 512, anonymous],
    [1024, 16, anonymous],
    [1040, 16, anonymous],
    [1536, 512, anonymous | mapped],
    [2048, 512, anonymous],
    [2560, 512, 0],
    [3072, 16, anonymous],
  ]
  t.strictSame(
    pinned(t, { frames: 4096, pages }),
    new Map([
      [large, 2n],
      [small, 4n],
    ]),
  )
})

t.test('pages of another kind are not counted, and end the page before them', async (t) => {
  const pages: readonly Page[] = [[0, 16, anonymous]]
  const others: readonly Page[] = [
    [16, 16, tail],
    [32, 16, anonymous],
    [64, 16, huge | tail | anonymous],
  ]
  t.strictSame(
    pinned(t, { frames: 512, pages, others }),
    new Map([
      [large, 0n],
      [small, 1n],
    ]),
  )
})

t.test('a page that follows a large one at once', async (t) => {
  const pages: readonly Page[] = [
    [0, 512, mapped],
    [512, 16, anonymous],
    [528, 16, anonymous],
  ]
  t.strictSame(
    pinned(t, { frames: 1024, pages }, [small, large]),
    new Map([
      [small, 2n],
      [large, 0n],
    ]),
  )
})

t.test('three sizes', async (t) => {
  const middle = 2n ** 18n
  const pages: readonly Page[] = [
    [0, 64, anonymous],
    [64, 64, anonymous],
    [512, 512, anonymous],
    [1024, 16, anonymous],
  ]
  t.strictSame(
    pinned(t, { frames: 1536, pages }, [large, small, middle]),
    new Map([
      [large, 1n],
      [small, 1n],
      [middle, 2n],
    ]),
  )
})

t.test('memory ends where the zone that reaches furthest does', async (t) => {
  const pages = [0, 16, 32, 48, 64].map((frame): Page => [frame, 16, anonymous])
  const counted = (zones: string) => pinned(t, { frames: 80, pages, zones }, [small])
  const most = zone('DMA', 16, 0) + zone('Normal', 32, 16) + zone('Movable', 0, 0)
  t.strictSame(counted(most), new Map([[small, 3n]]))
  t.strictSame(counted(zone('Normal', 33, 16)), new Map([[small, 4n]]))
  t.strictSame(counted(zone('Normal', 9999, 0)), new Map([[small, 5n]]))
  t.strictSame(counted(''), new Map([[small, 0n]]))
})

t.test('lines of zones that only look like those', async (t) => {
  const pages: readonly Page[] = [[0, 16, anonymous]]
  const zones =
    '  x start_pfn: 5000000\n  x spanned 5000000\n' +
    'Node 0, zone DMA\n  pages free 3\n' +
    'Node 0, zone Normal\n        spanned  16\n  of Node 0\n  start_pfn:  16\n'
  const all = [...pages, [16, 16, anonymous], [32, 16, anonymous]] as const
  t.strictSame(pinned(t, { frames: 48, pages: all, zones }, [small]), new Map([[small, 2n]]))
})

t.test('a page that is larger than any size', async (t) => {
  t.strictSame(
    pinned(t, { frames: 1024, pages: [[0, 1024, anonymous]] }),
    new Map([
      [large, 1n],
      [small, 0n],
    ]),
  )
})

t.test('a machine without page sizes', async (t) => {
  t.strictSame(pinned(t, { frames: 16, pages: [[0, 16, anonymous]] }, []), new Map())
})

t.test('without a file that can be read nothing is known', async (t) => {
  const root = temporary(t)
  mkdirSync(join(root, 'proc'))
  t.equal(readPinned(directoryTree(root), [small], basePage), undefined)
  mkdirSync(join(root, 'proc/kpageflags'))
  writeFileSync(join(root, 'proc/zoneinfo'), zone('Normal', 16, 0))
  t.equal(readPinned(directoryTree(root), [small], basePage), undefined)
})

t.test('no descriptor is left open', async (t) => {
  const tree = machine(t, { frames: 16, pages: [[0, 16, anonymous]] })
  const before = readdirSync('/proc/self/fd').length
  t.strictSame(readPinned(tree, [small], basePage), new Map([[small, 1n]]))
  t.equal(readdirSync('/proc/self/fd').length, before)
})
