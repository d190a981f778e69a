import { readNodeIds } from '../../kernel/pools/nodes.ts'
import { readPool } from '../../kernel/pools/pools.ts'
import type { Tree } from '../../kernel/tree.ts'
import {
  type MappingReading,
  readingOf,
  type StepKind,
} from '../../model/mapping/mapping-reading.ts'
import type { Pool } from '../../model/pools/machine.ts'
import type { Pages } from '../../model/words/count.ts'
import type { PageSize } from '../../model/words/page-size.ts'

/** Describes a step from the counters before and after it. */
export type ReadingWords = (before: Pool, now: Pool) => string

/** The counters of a pool after each step of a test. */
export interface ReadingLog {
  readonly readings: readonly MappingReading[]
  /** The counters before anything was done. */
  readonly start: Pool
  /** Reads the counters as they are now. */
  readonly look: () => Pool
  readonly add: (kind: StepKind, words: ReadingWords) => void
  /** Sets the number of touched pages that the following readings show. */
  readonly touched: (pages: Pages) => void
}

export const readingLog = (
  tree: Tree,
  size: PageSize,
  words: (start: Pool) => string,
): ReadingLog => {
  const nodes = readNodeIds(tree)
  const look = () => readPool(tree, size, nodes)
  const start = look()
  const readings: MappingReading[] = [readingOf('start', 0n, undefined, start, words(start))]
  let pages = 0n
  return {
    readings,
    start,
    look,
    add: (kind, say) => {
      const before = readings.at(-1)?.pool ?? start
      const now = look()
      readings.push(readingOf(kind, pages, before, now, say(before, now)))
    },
    touched: (now) => {
      pages = now
    },
  }
}
