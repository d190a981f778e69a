import t from 'tap'
import {
  findingLevels,
  isAboveNote,
} from '../../../../src/model/doctor/findings/machine-finding.ts'

t.test('what is wrong, and what is only worth knowing', async (t) => {
  t.strictSame(
    findingLevels.map((level) => [level, isAboveNote({ level, what: 'so' })]),
    [
      ['problem', true],
      ['warning', true],
      ['note', false],
    ],
  )
})
