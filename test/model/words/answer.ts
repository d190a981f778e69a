import t from 'tap'
import { saysYes } from '../../../src/model/words/answer.ts'

t.test('what says yes', async (t) => {
  for (const answer of ['y\n', 'Y', 'yes\n']) t.equal(saysYes(answer), true, answer)
  for (const answer of ['', '\n', 'n\n', 'No', ' y', 'oui']) t.equal(saysYes(answer), false, answer)
  t.equal(saysYes(undefined), undefined)
})
