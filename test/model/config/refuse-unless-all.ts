import t from 'tap'
import type { ConfigItem } from '../../../src/model/config/config-item.ts'
import { amissWords, refuseUnlessAll } from '../../../src/model/config/refuse-unless-all.ts'
import { M } from '../../helpers/sizes.ts'

const item = (of: Partial<ConfigItem>): ConfigItem => ({
  attribute: 'persistent',
  size: 2n * M,
  key: 'pools.2M.pages',
  wanted: 1n,
  essential: true,
  state: 'drift',
  ...of,
})

const planned = item({ planned: true })
const short = item({ state: 'short', why: 'too few', reason: 'margin', hints: ['less', 'more'] })
const { size: _, ...mounted } = item({ attribute: 'mount', target: '/mnt/a' })
const mount: ConfigItem = {
  ...mounted,
  state: 'missing',
  why: '/mnt/a: no such directory',
  reason: 'no-file',
  hints: ['make it', 'less'],
}
const warning = item({ ...short, essential: false, lacks: true })

t.test('words name an item once', async (t) => {
  t.strictSame([short, mount, planned].map(amissWords), [
    '2M: too few',
    '/mnt/a: no such directory',
    '2M: is not as wanted',
  ])
})

t.test('what the plan does not bring is refused where all is asked for', async (t) => {
  refuseUnlessAll([planned, item({ state: 'ok' }), warning, item({ state: 'next-boot' })])
  t.throws(() => refuseUnlessAll([planned, short, mount]), {
    code: 'E_REFUSED',
    reason: 'margin',
    message: '2M: too few; /mnt/a: no such directory; nothing was changed',
    hint: 'less\nmore\nmake it',
  })
  t.throws(() => refuseUnlessAll([item({ why: 'no' })]), { code: 'E_REFUSED', reason: 'short' })
})
