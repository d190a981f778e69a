import type { Cells } from './counters-table.ts'

/** A test with --fork of three pages, which starts from a pool of `pages`; measured on Linux 6.18. */
export interface ForkCase {
  readonly pages: number
  readonly overcommit?: number
  readonly way: readonly string[]
  /** Total, free, reserved and surplus pages while the child is there. */
  readonly becomes: Cells
  readonly written: number
  readonly copied: number
  /** The page at which the child meets SIGBUS. */
  readonly fails?: number
}

/** As hugetlb_wp of mm/hugetlb.c copies: of private mappings only, whatever they map. */
const privately = [[], ['--via', 'memfd', '--private'], ['--via', 'file', '--private']] as const
const together = [['--shared'], ['--via', 'memfd'], ['--via', 'shm'], ['--via', 'file']] as const

export const forkTable: readonly ForkCase[] = [
  ...privately.flatMap((way): ForkCase[] => [
    { pages: 8, way, becomes: [8, 2, 0, 0], written: 3, copied: 3 },
    { pages: 5, way, becomes: [5, 0, 0, 0], written: 2, copied: 2, fails: 2 },
    { pages: 3, way, becomes: [3, 0, 0, 0], written: 0, copied: 0, fails: 0 },
    { pages: 3, overcommit: 2, way, becomes: [5, 0, 0, 2], written: 2, copied: 2, fails: 2 },
    { pages: 3, overcommit: 3, way, becomes: [6, 0, 0, 3], written: 3, copied: 3 },
  ]),
  ...together.flatMap((way): ForkCase[] => [
    { pages: 8, way, becomes: [8, 5, 0, 0], written: 3, copied: 0 },
    { pages: 3, way, becomes: [3, 0, 0, 0], written: 3, copied: 0 },
    { pages: 3, overcommit: 3, way, becomes: [3, 0, 0, 0], written: 3, copied: 0 },
  ]),
]
