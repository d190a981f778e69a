import t from 'tap'
import { limitBytes, parseMountLimit, roundedLimit } from '../../../src/model/mounts/mount-limit.ts'
import * as fc from '../../helpers/property.ts'
import { poolOf } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const pool = poolOf(2n * M, { total: 96n })
const rounded = (text: string, round: 'up' | 'down' | undefined) =>
  limitBytes(roundedLimit(parseMountLimit(text), round), pool, 'size')

t.test('an amount is rounded to whole pages, and a share is not rounded up', async (t) => {
  t.equal(rounded('551M', 'up'), 552n * M)
  t.equal(rounded('551M', 'down'), 550n * M)
  t.equal(rounded('552M', 'up'), 552n * M)
  t.equal(rounded('1', 'up'), 2n * M)
  t.equal(rounded('2%', 'up'), 2n * M, '1.92 pages')
  t.throws(() => rounded('1M', 'down'), {
    message: '--size 1M is less than a page of 2M: no file could have one',
    hint: 'the least is 2M, which --round up takes',
  })
  t.throws(() => rounded(`${2n ** 63n - 1n}`, 'up'), { message: /is too large: a limit is less/ })
  t.throws(() => rounded('0', 'up'), { code: 'E_USAGE', hint: 'the least is 2M' })
  t.throws(() => rounded('551M', undefined), {
    code: 'E_USAGE',
    hint: "the nearest amounts are 550M and 552M; '--size 552M' or --round up takes the larger",
  })
})

t.test('property: what an error offers is what rounding takes', async () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 2n * M, max: 2n ** 50n }), (bytes) => {
      const [up = 0n, down = 0n] = (['up', 'down'] as const).map((way) => rounded(`${bytes}`, way))
      return up - down === (bytes % (2n * M) === 0n ? 0n : 2n * M) && down <= bytes && bytes <= up
    }),
  )
})
