import { type Bytes, roundedUp } from '../../words/bytes.ts'
import type { PageSize } from '../../words/page-size.ts'

/** Bytes of a file that have data, from the byte `from` to the one before `to`. */
export interface DataRange {
  readonly from: Bytes
  readonly to: Bytes
}

/**
 * Returns the whole pages in which ranges lie, as ranges of bytes. Ranges that share a page or
 * follow each other become one. `ranges` have to be in order.
 */
export const wholePageRanges = (
  ranges: readonly DataRange[],
  size: PageSize,
): readonly DataRange[] => {
  const pages: { from: Bytes; to: Bytes }[] = []
  for (const range of ranges) {
    const from = range.from - (range.from % size)
    const to = roundedUp(range.to, size)
    const last = pages.at(-1)
    if (last !== undefined && from <= last.to) last.to = to > last.to ? to : last.to
    else pages.push({ from, to })
  }
  return pages
}

export const bytesIn = (ranges: readonly DataRange[]): Bytes =>
  ranges.reduce((sum, { from, to }) => sum + to - from, 0n)
