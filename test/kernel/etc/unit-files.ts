import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { masksUnit } from '../../../src/kernel/etc/unit-files.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

t.test('what masks a unit', async (t) => {
  const root = temporary(t)
  scratch(root, { '/etc/empty.mount': '', '/etc/full.mount': '[Mount]\n' })
  symlinkSync('/dev/null', join(root, 'etc/linked.mount'))
  symlinkSync('empty.mount', join(root, 'etc/again.mount'))
  const tree = directoryTree(root)
  const masked = (name: string) => masksUnit(tree, `/etc/${name}.mount`)
  for (const name of ['empty', 'linked', 'again']) t.equal(masked(name), true, name)
  for (const name of ['full', 'missing']) t.equal(masked(name), false, name)
})
