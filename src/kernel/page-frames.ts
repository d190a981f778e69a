import { closeSync, openSync, readSync } from 'node:fs'

/** What the page table of a process has of one area. */
export interface FramesOfArea {
  /** The frames of its anonymous pages, in base pages. Empty where the kernel hides frames. */
  readonly own: readonly number[]
  /** Anonymous pages without a frame that are in this page table alone, or in others as well. */
  readonly alone: number
  readonly together: number
  /** The frames of all pages, and how many there are, with and without frames. */
  readonly frames: readonly number[]
  readonly present: number
}

/** The bytes of an entry of pagemap (Documentation/admin-guide/mm/pagemap.rst). */
const entryLength = 8

/** Bits of the upper half of an entry: 63 present, 61 a page of a file, 56 mapped once. */
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
 * Reads the entries of the huge pages of some areas out of a pagemap: of each page that of its first
 * base page, in a read of its own. Throws system errors.
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
    closeSync(descriptor)
  }
}
