import t from 'tap'
import { sum } from '../../../src/model/words/sum.ts'

t.test('amounts add up', async (t) => {
  t.equal(sum([]), 0n)
  t.equal(sum([3n]), 3n)
  t.equal(
    sum(
      new Map([
        [0, 1n],
        [1, 2n ** 64n],
      ]).values(),
    ),
    1n + 2n ** 64n,
  )
})
