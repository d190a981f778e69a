import { ascending } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'

/**
 * The seconds that a thread waits for a page. No page that comes at all takes longer, even where
 * the kernel clears 16G or compacts memory for a surplus page.
 */
export const stuckSeconds = 30

/** Pages of one mapping that one process touches without a break. */
export interface TouchStep {
  readonly part: number
  /** The number of the process; this process is 0. */
  readonly process: number
  /** The first page, counted within the part. */
  readonly from: Pages
  /** The page after the last one, counted within the part. */
  readonly to: Pages
  /** The number of pages of all parts that have been touched after this step. */
  readonly upTo: Pages
  /** Whether the counters are read after this step. */
  readonly counted: boolean
}

/**
 * Up to `mostSingle` pages the counters are read after every page. While more are touched, they are
 * read sixteen times, at equal distances.
 */
const mostSingle = 64n
const sixteenths = 16n

/**
 * Returns the numbers of touched pages after which the counters are read: only after the last page
 * unless they are read often.
 */
export const marksOf = (touch: Pages, readOften: boolean): readonly Pages[] => {
  if (touch === 0n) return []
  const steps = !readOften ? 1n : touch <= mostSingle ? touch : sixteenths
  return Array.from({ length: Number(steps) }, (_, index) => (touch * BigInt(index + 1)) / steps)
}

export interface TouchPortions {
  /** The pages of each part. */
  readonly parts: readonly Pages[]
  readonly touch: Pages
  readonly processes: number
  readonly readOften: boolean
}

/**
 * Returns the page, counted from 0, at which the portion of a process ends and the next one begins.
 * Portions are as equal as whole pages allow and follow the order of the processes.
 */
export const portionEnd = (
  { touch, processes }: Pick<TouchPortions, 'touch' | 'processes'>,
  process: number,
): Pages => (touch * BigInt(process + 1)) / BigInt(processes)

const portionEnds = (portions: TouchPortions): readonly Pages[] =>
  Array.from({ length: portions.processes }, (_, process) => portionEnd(portions, process))

/** Returns the running sums of the parts, at which each part ends. */
const endsOf = (parts: readonly Pages[]): readonly Pages[] => {
  let end = 0n
  return parts.map((pages) => {
    end += pages
    return end
  })
}

/** Returns the index of the range that contains a page, given the ends of the ranges. */
const rangeOf = (ends: readonly Pages[], page: Pages): number => ends.findIndex((end) => page < end)

/**
 * Cuts the pages to touch at the end of each part, at the end of each process's portion and where
 * the counters are read.
 */
export const touchSteps = (portions: TouchPortions): readonly TouchStep[] => {
  const ends = endsOf(portions.parts)
  const ofProcess = portionEnds(portions)
  const marks = marksOf(portions.touch, portions.readOften)
  const read = [...marks, ...(portions.processes > 1 ? ofProcess : [])]
  const within = ends.filter((end) => end < portions.touch)
  const cuts = [...new Set([...within, ...ofProcess, ...marks])]
    .filter((cut) => cut > 0n)
    .sort(ascending)
  return cuts.map((upTo, index) => {
    const from = cuts[index - 1] ?? 0n
    const part = rangeOf(ends, from)
    const start = ends[part - 1] ?? 0n
    return {
      part,
      process: rangeOf(ofProcess, from),
      from: from - start,
      to: upTo - start,
      upTo,
      counted: read.includes(upTo),
    }
  })
}
