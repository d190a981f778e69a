import t from 'tap'
import { keptAtStart, mountsToUnkeep } from '../../../src/operations/config/mounts-at-start.ts'
import { dropIn, dropInHead } from '../../helpers/lasting-stage.ts'
import { portsOn, scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

t.test('a machine without a configuration keeps nothing', async (t) => {
  const root = temporary(t)
  t.equal(await mountsToUnkeep(portsOn(root)), undefined)
  t.strictSame(await keptAtStart(portsOn(root), '/mnt/huge'), [])
})

t.test('one that has any is read', async (t) => {
  for (const path of ['/etc/hugepool.toml', '/usr/lib/hugepool.d/a.toml']) {
    const root = temporary(t)
    scratch(root, { [path]: '' })
    t.strictSame((await mountsToUnkeep(portsOn(root)))?.removal('/mnt/huge'), [])
    t.strictSame(await keptAtStart(portsOn(root), '/mnt/huge'), [])
  }
  const root = temporary(t)
  scratch(root, { [dropIn]: `${dropInHead}\n[mounts."/mnt/huge"]\npage-size = "2M"\n` })
  t.equal((await mountsToUnkeep(portsOn(root)))?.removal('/mnt/huge').length, 1)
})
