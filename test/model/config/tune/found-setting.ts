import t from 'tap'
import {
  persistedPosition,
  recommendedFor,
} from '../../../../src/model/config/tune/found-setting.ts'
import { parseSettingKey } from '../../../../src/model/config/tune/tune-request.ts'

const facts = { pools: [{ size: 2n ** 21n, persistent: 4n, most: 4n }], basePage: 4096n }
const why = 'one segment can have all pages of the 2M pool'

t.test('what is set is never lowered', async (t) => {
  const setting = parseSettingKey('shmmax')
  const of = (value: bigint) => recommendedFor({ setting, value }, facts)
  t.strictSame(of(1n), { value: 2n ** 23n, why })
  t.strictSame(of(2n ** 23n), { value: 2n ** 23n, why })
  t.strictSame(of(2n ** 24n), { value: 2n ** 24n, why })
  t.equal(recommendedFor({ setting }, facts), undefined, 'nor set where it is not to be seen')
  t.equal(recommendedFor({ setting: parseSettingKey('shmmni'), value: 1n }, facts), undefined)
})

t.test('the position of a line', async (t) => {
  t.equal(persistedPosition({ file: '/f', line: 2, text: '' }), '/f:2')
  t.equal(persistedPosition({ file: '/f', text: '' }), '/f')
})
