import { openSync, readSync } from 'node:fs'
import { pathPrefix } from '../../../model/etc/path-parts.ts'
import { ascending } from '../../../model/words/bytes.ts'
import type { Pages } from '../../../model/words/count.ts'
import type { PageSize } from '../../../model/words/page-size.ts'
import { readIfReadable } from '../../read-attribute.ts'
import { release } from '../../release-descriptor.ts'
import type { Tree } from '../../tree.ts'
import { ifShown } from './quick-read.ts'

/** Bits of an entry of /proc/kpageflags (include/uapi/linux/kernel-page-flags.h). */
const mapped = 2 ** 11
const anonymous = 2 ** 12
const tail = 2 ** 16
const huge = 2 ** 17

const entryLength = 8

/** Finds the frame after the last one: zones tell where they begin and how far they reach. */
const endOfMemory = (tree: Tree): number => {
  const zones = (readIfReadable(tree, '/proc/zoneinfo') ?? '').split(/^(?=Node )/m)
  const numberIn = (zone: string, name: RegExp) => Number(name.exec(zone)?.[1] ?? 0)
  return zones.reduce(
    (end, zone) =>
      Math.max(end, numberIn(zone, /^ +start_pfn: +(\d+)/m) + numberIn(zone, /^ +spanned +(\d+)/m)),
    0,
  )
}

const entry = Buffer.alloc(entryLength)

/**
 * Reads the flags of a frame that are looked at here, all in the lower half of an entry; 0 beyond the
 * end.
 */
const flagsAt = (descriptor: number, frame: number): number =>
  readSync(descriptor, entry, 0, entryLength, frame * entryLength) < entryLength
    ? 0
    : entry.readUInt32LE(0)

const isHead = (flags: number): boolean => (flags & (huge | tail)) === huge

/** Tells whether a page is in use by somebody, though no page table has it. */
const isPinned = (flags: number): boolean => (flags & (mapped | anonymous)) === anonymous

const countPinned = (
  descriptor: number,
  end: number,
  sizes: readonly PageSize[],
  basePage: bigint,
): ReadonlyMap<PageSize, Pages> => {
  const found = new Map<PageSize, Pages>(sizes.map((size) => [size, 0n]))
  const ascendingSizes = sizes.toSorted(ascending)
  const frames = ascendingSizes.map((size) => Number(size / basePage))
  const step = frames[0] ?? 0
  /** A huge page has a head and tails, and reaches as far as its tails do. */
  const sizeAt = (frame: number): number => {
    let at = 0
    while (at + 1 < frames.length) {
      const next = flagsAt(descriptor, frame + (frames[at] ?? 0))
      if ((next & (huge | tail)) !== (huge | tail)) break
      at += 1
    }
    return at
  }
  for (let frame = 0; step > 0 && frame < end; frame += step) {
    const flags = flagsAt(descriptor, frame)
    if (!isHead(flags)) continue
    const at = sizeAt(frame)
    const size = ascendingSizes[at] as PageSize
    if (isPinned(flags)) found.set(size, (found.get(size) ?? 0n) + 1n)
    frame += (frames[at] ?? step) - step
  }
  return found
}

/**
 * Counts the private pages that are in no page table: something in the kernel keeps them. Undefined
 * for all but root of the machine. One read of 8 bytes for each page that memory could have: some
 * milliseconds for 25 GiB.
 */
export const readPinned = (
  tree: Tree,
  sizes: readonly PageSize[],
  basePage: bigint,
): ReadonlyMap<PageSize, Pages> | undefined =>
  ifShown(() => {
    const descriptor = openSync(`${pathPrefix(tree.root)}/proc/kpageflags`, 'r')
    try {
      return countPinned(descriptor, endOfMemory(tree), sizes, basePage)
    } finally {
      release(descriptor)
    }
  })
