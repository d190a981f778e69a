import { existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { linkTo, onDirectory, unlinkAndSync } from '../../../src/kernel/etc/directory-entries.ts'
import { temporary } from '../../helpers/run.ts'

t.test('a directory is made for a file, and goes with it where that fails', async (t) => {
  const root = temporary(t)
  const file = join(root, 'new/a')
  onDirectory(file, (sync) => {
    writeFileSync(file, 'x')
    sync()
  })
  t.ok(existsSync(file))
  const failing = (path: string) => () =>
    onDirectory(path, () => {
      writeFileSync(path, 'x')
      throw new Error('full')
    })
  t.throws(failing(join(root, 'other/a')), { message: 'full' })
  t.notOk(existsSync(join(root, 'other')))
  t.throws(failing(join(root, 'new/b')), { message: 'full' })
  t.ok(existsSync(join(root, 'new/b')), 'in a directory of others the file is left to the caller')
  t.throws(() => onDirectory(join(root, 'x/y/z'), () => {}), { code: 'ENOENT' })
})

const asRoot = process.getuid?.() === 0 ? false : 'needs root to give a file away'

t.test('what is made belongs to whom it is given', { skip: asRoot }, async (t) => {
  const root = temporary(t)
  const owner = { uid: 12, gid: 34 }
  onDirectory(join(root, 'a/b/c'), () => {}, { all: true, owner })
  linkTo(join(root, 'd/e'), '/x', owner)
  linkTo(join(root, 'own/f'), '/x')
  for (const name of ['a', 'a/b', 'd', 'd/e']) t.hasStrict(lstatSync(join(root, name)), owner, name)
  t.hasStrict(lstatSync(join(root, 'own/f')), { uid: 0, gid: 0 })
})

t.test('links come with their directory, and take an empty one along', async (t) => {
  const root = temporary(t)
  const link = join(root, 'wants/a')
  linkTo(link, '/x')
  t.equal(readlinkSync(link), '/x')
  t.throws(() => linkTo(link, '/y'), { code: 'EEXIST' })
  t.equal(readlinkSync(link), '/x', 'that of others stays')
  symlinkSync('/x', join(root, 'wants/b'))
  unlinkAndSync(link)
  t.ok(existsSync(join(root, 'wants')))
  unlinkAndSync(join(root, 'wants/b'))
  t.notOk(existsSync(join(root, 'wants')))
  mkdirSync(join(root, 'wants'))
})
