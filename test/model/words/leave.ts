import t from 'tap'
import { parseLeave } from '../../../src/model/words/leave.ts'
import { G } from '../../helpers/sizes.ts'

t.test('an amount of memory', async (t) => {
  t.strictSame(['2G', '0', '2147483648', '2GiB'].map(parseLeave), [2n * G, 0n, 2n * G, 2n * G])
  for (const text of ['', 'x', '-1', '10%', '1.5G', 'max'])
    t.throws(() => parseLeave(text), {
      code: 'E_USAGE',
      message: `'${text}' is not an amount of memory`,
      hint: 'an amount is written as 2G, 512M or 0',
    })
  t.throws(() => parseLeave('8E'), {
    message: "'8E' is too large: an amount of memory is less than 8E",
  })
})
