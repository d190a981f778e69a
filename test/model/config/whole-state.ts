import t from 'tap'
import type { ConfigItem } from '../../../src/model/config/config-item.ts'
import { isAmiss, nextBootKeys, wholeState } from '../../../src/model/config/whole-state.ts'

const item = (state: ConfigItem['state'], of: Partial<ConfigItem> = {}): ConfigItem => ({
  attribute: 'persistent',
  key: 'pools.2M.pages',
  wanted: 1n,
  essential: true,
  state,
  ...of,
})

t.test('what is amiss', async (t) => {
  for (const state of ['ok', 'next-boot'] as const) t.notOk(isAmiss(item(state)), state)
  for (const state of ['drift', 'short', 'missing', 'unknown'] as const) {
    t.ok(isAmiss(item(state, { lacks: true })), state)
    t.ok(isAmiss(item(state, { essential: false })), `${state}: more than wanted`)
    t.notOk(isAmiss(item(state, { essential: false, lacks: true })), `${state}: a warning`)
  }
})

t.test('the whole', async (t) => {
  const [ok, drift, warning] = [
    item('ok'),
    item('drift'),
    item('short', { essential: false, lacks: true }),
  ]
  t.equal(wholeState([]), 'configured')
  t.equal(wholeState([ok, warning, item('next-boot')]), 'configured')
  t.equal(wholeState([ok, drift]), 'partly')
  t.equal(wholeState([drift, item('missing')]), 'not')
})

t.test('whether it takes another start', async (t) => {
  const late = { ...item('next-boot'), key: 'boot.cma' }
  t.strictSame(nextBootKeys([item('ok'), late]), ['boot.cma'])
  t.strictSame(nextBootKeys([item('ok'), item('drift')]), [])
})
