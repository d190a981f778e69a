import type { MachineFinding } from '../../model/doctor/findings/finding-table.ts'
import { type Column, column } from '../columns.ts'

export const findingColumns: readonly Column<MachineFinding>[] = [
  column(
    'FINDING',
    'the name of what is wrong with this machine',
    ({ finding }) => finding,
    'left',
  ),
  {
    ...column('LEVEL', 'problem, warning or note', ({ level }) => level, 'left'),
    tone: ({ level }) => (level === 'problem' ? 'wrong' : undefined),
  },
  column('WHAT', 'what is wrong, in words', ({ what }) => what, 'left'),
]
