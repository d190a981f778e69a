import t from 'tap'
import type { MachineFinding } from '../../../../src/model/doctor/findings/finding-table.ts'
import { findingWords } from '../../../../src/model/doctor/findings/finding-words.ts'
import type { FindingLevel } from '../../../../src/model/doctor/findings/machine-finding.ts'

const wordsOf = (...levels: readonly FindingLevel[]): string =>
  findingWords(levels.map((level): MachineFinding => ({ finding: 'margin', level, what: 'so' })))

t.test('the sum of all findings, the worst first', async (t) => {
  t.equal(wordsOf('note', 'warning', 'problem', 'problem'), '2 problems, 1 warning, 1 note')
  t.equal(wordsOf('warning', 'warning', 'note', 'note', 'note'), '2 warnings, 3 notes')
  t.equal(wordsOf('problem'), '1 problem')
})

t.test('where only notes are made, nothing is wrong', async (t) => {
  t.equal(wordsOf(), 'nothing is wrong')
  t.equal(wordsOf('note'), 'nothing is wrong, 1 note')
  t.equal(wordsOf('note', 'note'), 'nothing is wrong, 2 notes')
  t.equal(wordsOf('note', 'warning'), '1 warning, 1 note')
})
