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
  /** The words for whose place it is that follow the answer; empty for this process. */
  readonly whose: string
}

/** What `test` came to when it made the mapping that was asked about. */
export interface DoctorTrial {
  /** `refused` is a test that ended with an error. */
  readonly outcome: TestOutcome | 'refused'
  /** The words for why not all was done; empty where all was. */
  readonly why: string
  /** The names of what the process has and the test went without; absent where it had all. */
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
 * Tells the answer, which is that of the trial where there was one. A trial that went without something
 * of the subject, such as a limit or a right, proves nothing: where it came out well the checks answer,
 * and where it failed, what it went without may be why, so that the answer is unknown unless the checks
 * say no.
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
