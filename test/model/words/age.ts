import t from 'tap'
import { formatAge } from '../../../src/model/words/age.ts'

t.test('how long ago, in the largest whole unit', async (t) => {
  for (const [milliseconds, text] of [
    [0, '0s'],
    [999, '0s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [3_599_000, '59m'],
    [3_600_000, '1h'],
    [86_399_000, '23h'],
    [86_400_000, '1d'],
    [400 * 86_400_000, '400d'],
    [-5000, '0s'],
  ] as const)
    t.equal(formatAge(milliseconds), text)
})
