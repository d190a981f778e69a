import type { SegmentsThere } from '../../model/processes/segments-there.ts'
import type { Bytes } from '../../model/words/bytes.ts'
import { roundedPages } from '../../model/words/count.ts'
import { readIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { segmentLines, segmentsPath } from './scan/segment-lines.ts'

/**
 * Reads how many segments this IPC namespace has, and how many base pages; undefined where the kernel
 * does not show them.
 */
export const readSegmentsThere = (tree: Tree, basePage: Bytes): SegmentsThere | undefined => {
  const text = readIfPresent(tree, segmentsPath)
  if (text === undefined) return undefined
  const lines = segmentLines(text)
  return {
    segments: BigInt(lines.length),
    basePages: lines.reduce((sum, line) => sum + roundedPages(line('size'), basePage, 'up'), 0n),
  }
}
