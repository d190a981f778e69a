import t from 'tap'
import { orderAgainst } from '../../../../src/model/config/writers/unit-order.ts'

t.test('when a unit runs against the service of hugepool', async (t) => {
  const early = '[Unit]\nDefaultDependencies=no\n'
  const cases: readonly (readonly [string, 'before' | 'after' | undefined])[] = [
    ['[Service]\n', 'after'],
    ['[Unit]\nBefore=sysinit.target\n', 'after'],
    [early, undefined],
    [`${early}Before=dev-hugepages.mount\n`, undefined],
    [`${early}Before=x.target local-fs-pre.target\n`, 'before'],
    [`${early}Before=hugepool.service\n`, 'before'],
    [`${early}Before=systemd-sysctl.service\n`, 'before'],
    [`${early}After=a.mount hugepool.service\n`, 'after'],
    [`${early}After=local-fs.target\nBefore=hugepool.service\n`, 'after'],
    ['[Unit]\nDefaultDependencies=yes\n', 'after'],
    ['[Unit]\n DefaultDependencies = false\nAfter = sysinit.target\n', 'after'],
  ]
  for (const [text, when] of cases) t.equal(orderAgainst(text), when, text)
})

t.test('empty lines take no longer than their number says', async (t) => {
  const lines = '\n'.repeat(400_000)
  t.equal(orderAgainst(`${lines}DefaultDependencies=no${lines}Before=hugepool.service`), 'before')
})
