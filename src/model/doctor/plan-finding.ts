import type { HugepoolError } from '../../errors.ts'
import type { FailureReason } from '../words/failure-reason.ts'
import type { CheckFinding } from './check-finding.ts'
import type { CheckName } from './check-names.ts'

/** Where no mapping can be planned, the reason tells which check fails. */
const failedChecks: Partial<Readonly<Record<FailureReason, CheckName>>> = {
  'no-size': 'page-size',
  'not-whole': 'alignment',
  'no-node': 'policy',
  short: 'available',
}

/**
 * Returns the finding of a mapping that cannot even be planned on this machine; undefined where the
 * error says something else than what the machine lacks.
 */
export const planFinding = ({
  reason,
  message,
  hint = '',
}: Pick<HugepoolError, 'reason' | 'message' | 'hint'>): CheckFinding | undefined => {
  const check = failedChecks[reason]
  return (
    check && { check, result: 'fail', why: message, hints: hint === '' ? [] : hint.split('\n') }
  )
}
