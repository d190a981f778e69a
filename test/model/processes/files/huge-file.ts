import t from 'tap'
import { fileStates, uses } from '../../../../src/model/processes/files/huge-file.ts'

t.test('the states, those in which somebody has the file first', async (t) => {
  t.strictSame(uses, ['mapped', 'open', 'locked'])
  t.strictSame(fileStates, ['mapped', 'open', 'locked', 'left', 'unknown'])
})
