import type { CheckFinding, CheckValue } from '../../model/doctor/check-finding.ts'
import { answerOf, type DoctorResult, differs } from '../../model/doctor/doctor-result.ts'
import { unlessEmpty } from '../../model/words/present.ts'
import type { DoctorDocument } from '../schemas/documents.ts'

const valueDocument = (value: CheckValue | undefined): bigint | string | undefined => {
  if (typeof value !== 'object') return value
  return 'count' in value ? value.count : value.bytes
}

const checkDocument = ({ check, result, has, needs, why, hints = [] }: CheckFinding) => ({
  check,
  result,
  has: valueDocument(has),
  needs: valueDocument(needs),
  why,
  hints: unlessEmpty(hints),
})

const trialDocument = (result: DoctorResult) =>
  result.trial && {
    outcome: result.trial.outcome,
    differs: differs(result),
    why: result.trial.why === '' ? undefined : result.trial.why,
    without: result.trial.without,
  }

export const doctorDocument = (result: DoctorResult): DoctorDocument => ({
  answer: answerOf(result),
  pageSize: result.asked?.size,
  pages: result.asked?.pages,
  via: result.asked?.via,
  checks: result.findings.map(checkDocument),
  trial: trialDocument(result),
  untried: result.untried,
  signal: result.signal,
})
