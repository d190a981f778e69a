import type { CheckFinding } from '../../model/doctor/check-finding.ts'
import { type Column, column } from '../columns.ts'

export const doctorColumns: readonly Column<CheckFinding>[] = [
  column('CHECK', 'what was looked at', ({ check }) => check, 'left'),
  {
    ...column('RESULT', 'ok, warn, fail or unknown', ({ result }) => result, 'left'),
    tone: ({ result }) => (result === 'fail' || result === 'unknown' ? 'wrong' : undefined),
  },
  column('HAS', 'what there is, or is allowed', ({ has }) => has),
  column('NEEDS', 'what the application needs', ({ needs }) => needs),
  column('WHY', 'why, in words', ({ why }) => why, 'left'),
]
