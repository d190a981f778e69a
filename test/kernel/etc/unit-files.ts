import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { isUnitWanted, masksUnit, mountUnitsIn } from '../../../src/kernel/etc/unit-files.ts'
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

t.test('the units of mounts in a directory, and who wants one', async (t) => {
  const root = temporary(t)
  scratch(root, {
    '/lib/a.mount': '',
    '/lib/a.service': '',
    '/lib/b.target.requires/b.mount': '',
    '/etc/a.target.wants/a.mount': '',
    '/etc/a.target.wants/c.mount': '',
    '/etc/b.target.wants/x': '',
    '/etc/a.target.d/d.mount': '',
  })
  const tree = directoryTree(root)
  t.strictSame(mountUnitsIn(tree, '/lib'), ['a.mount'])
  t.strictSame(mountUnitsIn(tree, '/none'), [])
  const isWanted = (name: string) => isUnitWanted(tree, ['/none', '/lib', '/etc'], name)
  for (const name of ['a.mount', 'b.mount', 'c.mount']) t.equal(isWanted(name), true, name)
  for (const name of ['d.mount', 'mount']) t.equal(isWanted(name), false, name)
})
