import type { CheckFinding, CheckValue } from '../../model/doctor/check-finding.ts'
import { type Cell, type Column, column } from '../columns.ts'

const valueCell = (value: CheckValue | undefined): Cell => value

export const doctorColumns: readonly Column<CheckFinding>[] = [
  column('CHECK', 'what was looked at', ({ check }) => check, 'left'),
  {
    ...column('RESULT', 'ok, warn, fail or unknown', ({ result }) => result, 'left'),
    tone: ({ result }) => (result === 'fail' || result === 'unknown' ? 'wrong' : undefined),
  },
  column('HAS', 'what there is, or is allowed', ({ has }) => valueCell(has)),
  column('NEEDS', 'what the application needs', ({ needs }) => valueCell(needs)),
  column('WHY', 'why, in words', ({ why }) => why, 'left'),
]
