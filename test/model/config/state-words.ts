import t from 'tap'
import type { ConfigChange } from '../../../src/model/config/config-change.ts'
import type { ConfigItem } from '../../../src/model/config/config-item.ts'
import { isUntold, poolLinesOfStart, stateWords } from '../../../src/model/config/state-words.ts'
import { G, M } from '../../helpers/sizes.ts'

const item = (state: ConfigItem['state'], of: Partial<ConfigItem> = {}): ConfigItem => ({
  attribute: 'persistent',
  key: 'x',
  wanted: 1n,
  essential: true,
  state,
  ...of,
})
const warning = item('short', { essential: false, lacks: true })

t.test('a sentence about the whole', async (t) => {
  t.strictSame(
    [
      [item('ok')],
      [item('ok'), item('next-boot')],
      [warning, item('next-boot')],
      [item('ok'), warning],
      [item('ok'), item('drift')],
      [item('ok'), item('drift'), item('missing')],
      [item('drift')],
    ].map(stateWords),
    [
      'the machine is as the configuration wants it',
      'the machine is as the configuration wants it, but for what only another start brings',
      'all that is essential is as the configuration wants it, but for what only another start brings',
      'all that is essential is as the configuration wants it',
      '1 of 2 things that the configuration wants is not so',
      '2 of 3 things that the configuration wants are not so',
      'nothing is as the configuration wants it',
    ],
  )
})

t.test('a line for each pool', async (t) => {
  const change = (of: Partial<ConfigChange>): ConfigChange => ({
    attribute: 'persistent',
    size: 2n * M,
    key: 'x',
    essential: true,
    requested: 8n,
    ...of,
  })
  t.strictSame(
    poolLinesOfStart([
      change({ after: 3n }),
      change({ size: G, node: 1, after: 9n, atLeast: true }),
      change({ size: 16n * M }),
      change({ size: 32n * M, requested: 1n, after: 0n }),
      change({ attribute: 'overcommit', after: 8n }),
    ]),
    [
      '2M: 3 of 8 pages',
      '1G on node 1: 9 of at least 8 pages',
      '16M: none of 8 pages',
      '32M: 0 of 1 page',
    ],
  )
  const none = { before: 0n, requested: 0n, after: 0n }
  const [idle, other] = [change({ node: 0, ...none }), change({ node: 1, after: 8n })]
  t.strictSame(poolLinesOfStart([idle, other]), ['2M on node 1: 8 of 8 pages'])
  t.strictSame(poolLinesOfStart([idle, { ...other, size: G }]), [
    '2M on node 0: 0 of 0 pages',
    '1G on node 1: 8 of 8 pages',
  ])
  t.strictSame(poolLinesOfStart([change(none), other])[0], '2M: 0 of 0 pages', 'a whole pool')
  for (const lacking of [{ before: 3n }, { after: 3n }, { requested: 3n }])
    t.equal(poolLinesOfStart([{ ...idle, ...lacking }, other]).length, 2)
  const { after: _, ...unread } = idle
  t.equal(poolLinesOfStart([unread, other]).length, 2)
})

t.test('what could not be seen', async (t) => {
  t.ok(isUntold(item('unknown')))
  t.notOk(isUntold(item('drift')))
  t.notOk(isUntold(item('unknown', { essential: false, lacks: true })))
})
