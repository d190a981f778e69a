import t from 'tap'
import { firstNames } from '../../../src/model/words/first-names.ts'

t.test('three are named, and how many there are beside them', async (t) => {
  t.equal(firstNames([]), '')
  t.equal(firstNames(['a']), 'a')
  t.equal(firstNames(['a', 'b', 'c']), 'a, b, c')
  t.equal(firstNames(['a', 'b', 'c', 'd']), 'a, b, c and 1 more')
  t.equal(firstNames(['a', 'b', 'c', 'd', 'e']), 'a, b, c and 2 more')
})
