import { readNodeIds } from '../../kernel/pools/nodes.ts'
import { readPool } from '../../kernel/pools/pools.ts'
import type { Tree } from '../../kernel/tree.ts'
import { type MappingStep, type StepKind, stepOf } from '../../model/mapping/mapping-reading.ts'
import type { Pool } from '../../model/pools/machine.ts'
import type { Pages } from '../../model/words/count.ts'
import type { PageSize } from '../../model/words/page-size.ts'

/** Says what happened from the counters before and after it. */
export type StepWords = (before: Pool, now: Pool) => string

/** Reads the counters of a pool after each thing that is done to it. */
export interface StepLog {
  readonly steps: readonly MappingStep[]
  /** The counters before anything was done. */
  readonly start: Pool
  /** As they are now. */
  readonly look: () => Pool
  readonly add: (kind: StepKind, words: StepWords) => void
  /** How many pages have been touched, for the steps that follow. */
  readonly touched: (pages: Pages) => void
}

export const stepLog = (tree: Tree, size: PageSize, words: (start: Pool) => string): StepLog => {
  const nodes = readNodeIds(tree)
  const look = () => readPool(tree, size, nodes)
  const start = look()
  const steps: MappingStep[] = [stepOf('start', 0n, undefined, start, words(start))]
  let pages = 0n
  return {
    steps,
    start,
    look,
    add: (kind, say) => {
      const before = steps.at(-1)?.pool ?? start
      const now = look()
      steps.push(stepOf(kind, pages, before, now, say(before, now)))
    },
    touched: (now) => {
      pages = now
    },
  }
}
