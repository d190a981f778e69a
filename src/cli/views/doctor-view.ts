import { answerWords } from '../../model/doctor/answer-words.ts'
import { answerOf, type DoctorResult } from '../../model/doctor/doctor-result.ts'
import { present } from '../../model/words/present.ts'
import { stoppedWords } from '../../model/words/stopped.ts'
import { doctorDocument } from '../../output/doctor/doctor-document.ts'
import { doctorColumns } from '../../output/doctor/doctor-rows.ts'
import type { Document } from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'

/** Shows what was found about a mapping. The first of the words is the answer. */
export const doctorView = (result: DoctorResult): View<Document<'doctor'>> => {
  const { findings, signal } = result
  const answer = answerOf(result)
  return {
    rows: (names, style) => textRows({ columns: doctorColumns, rows: findings }, names, style),
    document: () => doctorDocument(result),
    words: [...answerWords(result), ...stoppedWords(signal)],
    hints: [...new Set(findings.flatMap(({ hints = [] }) => hints))],
    partial: answer === 'unknown',
    isNo: answer === 'no',
    ...present({ signal }),
  }
}
