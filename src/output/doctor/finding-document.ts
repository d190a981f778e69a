import type { MachineFinding } from '../../model/doctor/findings/finding-table.ts'
import type { MachineReport } from '../../model/doctor/findings/machine-report.ts'
import { unlessEmpty } from '../../model/words/present.ts'
import type { FindingsDocument } from '../schemas/documents.ts'

const findingDocument = ({ finding, level, what, hints = [] }: MachineFinding) => ({
  finding,
  level,
  what,
  hints: unlessEmpty(hints),
})

export const findingsDocument = ({ findings, unseen }: MachineReport): FindingsDocument => ({
  findings: findings.map(findingDocument),
  unseen,
})
