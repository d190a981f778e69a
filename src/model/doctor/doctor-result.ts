import type { StopSignal } from '../../errors.ts'
import type { Via } from '../mapping/mapping-request.ts'
import type { TestOutcome } from '../mapping/mapping-result.ts'
import type { Pages } from '../words/count.ts'
import type { PageSize } from '../words/page-size.ts'
import { type CheckFinding, type DoctorAnswer, predictionOf } from './check-finding.ts'

/** What was asked for, where the machine has pages of the size. */
export interface DoctoredPages {
  readonly size: PageSize
  readonly pages: Pages
  readonly via: Via
  /** In whose place, as it stands behind the answer; empty for this process. */
  readonly whose: string
}

/** What `test` came to, with the same words. */
export interface DoctorTrial {
  /** `refused` is a test that ended with an error. */
  readonly outcome: TestOutcome | 'refused'
  /** Why not all was done, in words; empty where it was. */
  readonly why: string
  /** What the test did not have of the process in whose place it was made, by names. */
  readonly without?: readonly string[]
}

/** What the checks of one mapping came to, and the test after them. */
export interface DoctorResult {
  readonly asked?: DoctoredPages
  readonly findings: readonly CheckFinding[]
  readonly trial?: DoctorTrial
  /** Why no test was made, though it was asked for. */
  readonly untried?: string
  /** The signal that ended the waiting. */
  readonly signal?: StopSignal
}

/**
 * The answer: that of the trial, where there was one. One that did not have all of the place, which
 * may be a limit or a right, proves nothing: the checks answer where it comes out well, and else it
 * is not known why it did not.
 */
export const answerOf = ({ findings, trial }: DoctorResult): DoctorAnswer => {
  const predicted = predictionOf(findings)
  if (trial === undefined) return predicted
  if (trial.without === undefined) return trial.outcome === 'done' ? 'yes' : 'no'
  return trial.outcome === 'done' || predicted === 'no' ? predicted : 'unknown'
}

/** Whether a trial came out otherwise than the checks said, where they could say anything. */
export const differs = (result: DoctorResult): boolean => {
  const predicted = predictionOf(result.findings)
  const { trial } = result
  if (trial === undefined || trial.without !== undefined || predicted === 'unknown') return false
  return predicted !== answerOf(result)
}
