import { ascending } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'

/** Pages that are touched in one go: of one mapping, by one process. */
export interface TouchStep {
  readonly part: number
  /** This process is 0. */
  readonly process: number
  /** Pages of the part. */
  readonly from: Pages
  readonly to: Pages
  /** How many pages of all parts have been touched once it is done. */
  readonly upTo: Pages
  /** Whether the counters are read then. */
  readonly counted: boolean
}

/** Up to so many pages the counters are read after every one, beyond it as many times as follows. */
const mostSingle = 64n
const sixteenths = 16n

/** After how many pages the counters are read. */
export const marksOf = (touch: Pages, everyStep: boolean): readonly Pages[] => {
  if (touch === 0n) return []
  const steps = !everyStep ? 1n : touch <= mostSingle ? touch : sixteenths
  return Array.from({ length: Number(steps) }, (_, index) => (touch * BigInt(index + 1)) / steps)
}

export interface TouchShares {
  /** Pages of each part. */
  readonly parts: readonly Pages[]
  readonly touch: Pages
  readonly processes: number
  readonly everyStep: boolean
}

/**
 * Where the share of a process ends, counted from 0; that of the next one begins there. Shares are
 * as even as pages allow, in the order of the processes.
 */
export const shareEnd = (
  { touch, processes }: Pick<TouchShares, 'touch' | 'processes'>,
  process: number,
): Pages => (touch * BigInt(process + 1)) / BigInt(processes)

const sharesOf = (shares: TouchShares): readonly Pages[] =>
  Array.from({ length: shares.processes }, (_, process) => shareEnd(shares, process))

/** Running sums: where each part ends. */
const endsOf = (parts: readonly Pages[]): readonly Pages[] => {
  let end = 0n
  return parts.map((pages) => {
    end += pages
    return end
  })
}

/** The index of the range that a page belongs to, by the ends of the ranges. */
const rangeOf = (ends: readonly Pages[], page: Pages): number => ends.findIndex((end) => page < end)

/** Cuts what is to be touched where a part ends, a process's share ends or the counters are read. */
export const touchSteps = (shares: TouchShares): readonly TouchStep[] => {
  const ends = endsOf(shares.parts)
  const ofProcess = sharesOf(shares)
  const marks = marksOf(shares.touch, shares.everyStep)
  const read = [...marks, ...(shares.processes > 1 ? ofProcess : [])]
  const within = ends.filter((end) => end < shares.touch)
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
