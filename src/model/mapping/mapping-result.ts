import type { StopSignal } from '../../errors.ts'
import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { Frame, FrameRun, NodePages } from './frames.ts'
import type { MappingPlan } from './mapping-plan.ts'
import type { MappingReading } from './mapping-reading.ts'
import type { Reason } from './reasons/fault-facts.ts'
import type { TouchTotals } from './touch-speed.ts'

export type TestOutcome = 'done' | 'partial' | 'failed'

/** What went wrong with a page, or with the mapping as a whole. */
export interface MappingFailure extends Reason {
  /** The first page that failed; absent where nothing was mapped or no single page failed. */
  readonly page?: Pages
  /** True where the page was touched, and failed when it was written or read back. */
  readonly afterTouch?: true
  /** True where the page was touched, and a child of fork(2) could not write to it. */
  readonly byChild?: true
  /** True where the mapping exists although `page` is absent. */
  readonly mapped?: true
  /** The pages that could not be mapped, and their node; absent unless each node has a mapping. */
  readonly part?: { readonly pages: Pages; readonly node: NodeId }
  /** The error as a program would see it: `SIGBUS`, `ENOMEM`, `STUCK`. */
  readonly errno: string
}

/** A process that took part in the test. */
export interface SharingProcess {
  readonly pid: number
  readonly touched: Pages
  /** The pages that the process found as the others wrote them. */
  readonly verified: Pages
}

/** The pages that a child of fork(2) wrote to, and how many of them the kernel copied for it. */
export interface ForkedPages {
  readonly written: Pages
  readonly copied: Pages
}

export interface MappingResult {
  readonly plan: MappingPlan
  readonly outcome: TestOutcome
  readonly readings: readonly MappingReading[]
  readonly placed: readonly NodePages[]
  /** The place of each page; absent without --frames. */
  readonly frames?: readonly Frame[]
  readonly runs?: readonly FrameRun[]
  /** The totals of touching; absent where no page was touched. */
  readonly touching?: TouchTotals
  /** The number of pages that were read back as they were written. */
  readonly verified?: Pages
  readonly processes: readonly SharingProcess[]
  /** Absent without --fork. */
  readonly forked?: ForkedPages
  readonly failure?: MappingFailure
  readonly signal?: StopSignal
  /** Sentences in addition to those of the steps. */
  readonly words: readonly string[]
  readonly advice: readonly string[]
}

export const testOutcome = (
  touched: Pages,
  { touch }: MappingPlan,
  failed: boolean,
): TestOutcome => {
  if (!failed) return touched >= touch ? 'done' : 'partial'
  return touched > 0n ? 'partial' : 'failed'
}
