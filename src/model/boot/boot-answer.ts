import type { PageSize } from '../words/page-size.ts'
import type { KernelSeries } from './kernel-series.ts'
import type { LineFault } from './line-faults.ts'
import type { OtherMeaning } from './other-series.ts'
import type { BootPrediction } from './predict-boot.ts'

/** The pools as they are, in the form of a prediction. */
export type FoundPools = Pick<BootPrediction, 'pools'> & { readonly defaultSize?: PageSize }

/** What `boot` tells of a command line. */
export interface BootAnswer {
  readonly line: string
  /** The series of the kernel that reads the line. */
  readonly series: KernelSeries
  readonly prediction: BootPrediction
  /** The pools of this machine, where the line is the one that it was started with. */
  readonly found?: FoundPools
  /** What is wrong with the words; absent where it was not asked for. */
  readonly faults?: readonly LineFault[]
  /** What other kernels make of the line; empty where it was not asked for. */
  readonly others: readonly OtherMeaning[]
}
