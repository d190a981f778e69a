import { openSync, readSync } from 'node:fs'
import { release } from './release-descriptor.ts'

/** The huge pages that a process has in one area. */
export interface FramesOfArea {
  /** The frames of its anonymous pages, in base pages. Empty where the kernel hides frames. */
  readonly own: readonly number[]
  /** The number of anonymous pages with a hidden frame that only this page table has. */
  readonly alone: number
  /** The number of anonymous pages with a hidden frame that other page tables have too. */
  readonly together: number
  /** The frames of all pages, in base pages. Empty where the kernel hides frames. */
  readonly frames: readonly number[]
  /** The number of pages that are present, with and without a hidden frame. */
  readonly present: number
}

/** The bytes of an entry of pagemap (Documentation/admin-guide/mm/pagemap.rst). */
const entryLength = 8

/** Bits of an entry, in its upper half: 63 is set if present, 61 for a file, 56 if mapped once. */
const presentBit = 2 ** 31
const fileBit = 2 ** 29
const onceBit = 2 ** 24
const frameMask = 2 ** 23 - 1

interface FrameRange {
  readonly from: bigint
  readonly pages: number
  readonly pageSize: bigint
}

const entry = Buffer.alloc(entryLength)

const framesAt = (descriptor: number, { from, pages, pageSize }: FrameRange, basePage: bigint) => {
  const own: number[] = []
  const frames: number[] = []
  let alone = 0
  let together = 0
  let present = 0
  const step = Number(pageSize / basePage) * entryLength
  let position = Number(from / basePage) * entryLength
  for (let page = 0; page < pages; page += 1, position += step) {
    if (readSync(descriptor, entry, 0, entryLength, position) < entryLength) break
    const upper = entry.readUInt32LE(4)
    if (upper < presentBit) continue
    present += 1
    const frame = (upper & frameMask) * 2 ** 32 + entry.readUInt32LE(0)
    if (frame > 0) frames.push(frame)
    if ((upper & fileBit) !== 0) continue
    if (frame > 0) own.push(frame)
    else if ((upper & onceBit) === 0) together += 1
    else alone += 1
  }
  return { own, alone, together, frames, present }
}

/**
 * Reads the entries of the huge pages of some areas from a pagemap. A huge page has the entry of
 * its first base page, and each is read by itself. Throws system errors.
 */
export const readAreaFrames = (
  pagemap: string,
  ranges: readonly FrameRange[],
  basePage: bigint,
): readonly FramesOfArea[] => {
  const descriptor = openSync(pagemap, 'r')
  try {
    return ranges.map((range) => framesAt(descriptor, range, basePage))
  } finally {
    release(descriptor)
  }
}
