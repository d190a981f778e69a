import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
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

t.test('what cannot be given away is not left', { skip: asRoot }, async (t) => {
  const root = temporary(t)
  chmodSync(root, 0o777)
  const owner = { uid: 12, gid: 34 }
  process.seteuid?.(65534)
  try {
    t.throws(() => linkTo(join(root, 'a'), '/x', owner), { code: 'EPERM' })
    t.throws(() => onDirectory(join(root, 'b/c'), () => {}, { owner }), { code: 'EPERM' })
  } finally {
    process.seteuid?.(0)
  }
  t.strictSame(readdirSync(root), [])
  linkTo(join(root, 'a'), '/x', owner)
  t.throws(() => linkTo(join(root, 'a'), '/y', owner), { code: 'EEXIST' })
  t.strictSame(readdirSync(root), ['a'])
})

t.test('links come with their directory, and take an empty one along', async (t) => {
  const root = temporary(t)
  const link = join(root, 'wants/a')
  linkTo(link, '/x')
  t.equal(readlinkSync(link), '/x')
  t.throws(() => linkTo(link, '/y'), { code: 'EEXIST' })
  t.equal(readlinkSync(link), '/x', 'that of others stays')
  symlinkSync('/x', join(root, 'wants/b'))
  writeFileSync(join(root, 'wants/c'), 'x')
  for (const [name, to] of [
    ['a', '/z'],
    ['c', '/x'],
  ] as const)
    t.throws(() => unlinkAndSync(join(root, 'wants', name), to), { code: 'E_REFUSED' })
  unlinkSync(join(root, 'wants/c'))
  unlinkAndSync(link, '/x')
  t.ok(existsSync(join(root, 'wants')))
  unlinkAndSync(join(root, 'wants/b'), '/x')
  t.ok(existsSync(join(root, 'wants')), 'a directory of others, such as a runlevel')
  linkTo(join(root, 'a.wants/a'), '/x')
  unlinkAndSync(join(root, 'a.wants/a'), '/x')
  t.notOk(existsSync(join(root, 'a.wants')))
})
