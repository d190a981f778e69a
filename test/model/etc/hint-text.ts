import t from 'tap'
import { hintText } from '../../../src/model/etc/hint-text.ts'

t.test('each hint is a line, and no name makes two of one', async (t) => {
  t.equal(hintText([]), undefined)
  t.equal(hintText(['a', 'b c']), 'a\nb c')
  t.equal(
    hintText(['process 5 (x\nrun this)', '\u001b[2J']),
    'process 5 (x\\012run this)\n\\033[2J',
  )
})
