import type { StopSignal } from '../../errors.ts'
import type { Pages } from '../words/count.ts'
import type { Frame, FrameRun, NodePages } from './frames.ts'
import type { MappingPlan } from './mapping-plan.ts'
import type { MappingReading } from './mapping-reading.ts'
import type { Reason } from './reasons/fault-facts.ts'
import type { TouchTotals } from './touch-speed.ts'

export type TestOutcome = 'done' | 'partial' | 'failed'

/** What went wrong with a page, or with the mapping as a whole. */
export interface MappingFailure extends Reason {
  /** The first page that failed; absent where nothing was mapped, or no page is to blame. */
  readonly page?: Pages
  /** It was touched, and failed when it was written or read back. */
  readonly reading?: true
  /** The mapping was made, though no page is named. */
  readonly mapped?: true
  /** As a program would meet it: `SIGBUS`, `ENOMEM`, `STUCK`. */
  readonly errno: string
}

/** A process that took part. */
export interface SharingProcess {
  readonly pid: number
  /** Its share of the pages, and how many it found as the others wrote them. */
  readonly touched: Pages
  readonly verified: Pages
}

export interface MappingResult {
  readonly plan: MappingPlan
  readonly outcome: TestOutcome
  readonly readings: readonly MappingReading[]
  readonly placed: readonly NodePages[]
  /** With --frames: page by page. */
  readonly frames?: readonly Frame[]
  readonly runs?: readonly FrameRun[]
  /** Absent where no page was touched. */
  readonly touching?: TouchTotals
  /** Pages that were read back as they were written. */
  readonly verified?: Pages
  readonly processes: readonly SharingProcess[]
  readonly failure?: MappingFailure
  readonly signal?: StopSignal
  /** Sentences beyond those of the steps. */
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
