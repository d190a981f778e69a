import { findingWords } from '../../model/doctor/findings/finding-words.ts'
import { isAboveNote } from '../../model/doctor/findings/machine-finding.ts'
import type { MachineReport } from '../../model/doctor/findings/machine-report.ts'
import { findingsDocument } from '../../output/doctor/finding-document.ts'
import { findingColumns } from '../../output/doctor/finding-rows.ts'
import type { Document } from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'

/** Shows what is wrong with a machine. The first of the words is the sum. */
export const findingsView = (result: MachineReport): View<Document<'doctor'>> => {
  const { findings, unseen } = result
  return {
    rows: (names, style) =>
      textRows(
        { columns: findingColumns, rows: findings },
        findings.length > 0 ? names : [],
        style,
      ),
    document: () => findingsDocument(result),
    words: [findingWords(findings), ...unseen.map((text) => `not seen: ${text}`)],
    hints: [...new Set(findings.flatMap(({ hints = [] }) => hints))],
    partial: false,
    isNo: findings.some(isAboveNote),
  }
}
