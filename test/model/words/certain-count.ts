import t from 'tap'
import { uncertainty } from '../../../src/model/words/certain-count.ts'
import { parseCount } from '../../../src/model/words/count.ts'

t.test('counts that differ from one start to the next, and why', async (t) => {
  const why = (text: string) => uncertainty(parseCount(text))
  t.equal(why('25%'), 'a share of the memory differs from one start to the next')
  t.equal(why('max'), 'as many as there is room for differs from one start to the next')
  for (const text of ['0', '512', '8G', '+4', '-2G']) t.equal(why(text), undefined, text)
})
