import t from 'tap'
import { isAre, plural } from '../../../src/model/words/plural.ts'

t.test('a number with its noun, and the verb behind it', async (t) => {
  t.strictSame(
    [0n, 1n, 2n].map((count) => `${plural(count, 'page')} ${isAre(count)}`),
    ['0 pages are', '1 page is', '2 pages are'],
  )
  t.strictSame([plural(1, 'box', 'boxes'), plural(2, 'box', 'boxes')], ['1 box', '2 boxes'])
})
