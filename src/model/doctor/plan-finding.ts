import type { HugepoolError } from '../../errors.ts'
import type { FailureReason } from '../words/failure-reason.ts'
import { formatSize } from '../words/page-size.ts'
import type { CheckFinding } from './check-finding.ts'
import type { CheckName } from './check-names.ts'

/** Where no mapping can be planned, the reason tells which check fails. */
const failedChecks: Partial<Readonly<Record<FailureReason, CheckName>>> = {
  'no-size': 'page-size',
  'not-whole': 'alignment',
  'no-node': 'policy',
  short: 'available',
}

/** Pages of another size come with a start, if at all. */
const startHints = (size: unknown): readonly string[] =>
  typeof size === 'bigint'
    ? [`'hugepool boot ${formatSize(size)}=COUNT' says whether a start can bring them`]
    : []

const looking = ["'hugepool list --per-node' shows what there is"]

/**
 * Returns the finding of a mapping that cannot even be planned on this machine; undefined where the
 * error says something else than what the machine lacks.
 */
export const planFinding = ({
  reason,
  message,
  hint = '',
  details,
}: Pick<HugepoolError, 'reason' | 'message' | 'hint' | 'details'>): CheckFinding | undefined => {
  const check = failedChecks[reason]
  if (check === undefined) return undefined
  const known = [
    ...(hint === '' ? [] : hint.split('\n')),
    ...(check === 'page-size' ? startHints(details?.pageSize) : []),
  ]
  return { check, result: 'fail', why: message, hints: known.length > 0 ? known : looking }
}
