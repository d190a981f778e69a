import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makeDirectories } from '../../../src/kernel/mounts/mount-directories.ts'
import { temporary } from '../../helpers/run.ts'

t.test('directories are made, and taken away again', async (t) => {
  const top = temporary(t)
  const [one, two] = [join(top, 'one'), join(top, 'one/two')]
  const umask = process.umask(0)
  const remove = makeDirectories([one, two])
  process.umask(umask)
  t.strictSame(
    [one, two].map((path) => statSync(path).mode & 0o7777),
    [0o755, 0o755],
  )
  remove()
  t.notOk(existsSync(one))
  makeDirectories([])()
})

t.test('one that is in use by now stays, without an error', async (t) => {
  const top = temporary(t)
  const [one, two] = [join(top, 'one'), join(top, 'one/two')]
  const remove = makeDirectories([one, two])
  writeFileSync(join(two, 'file'), '')
  remove()
  t.ok(existsSync(two))
})

t.test('a failure on the way leaves nothing and names the directory', async (t) => {
  const top = temporary(t)
  const [one, two] = [join(top, 'one'), join(top, 'file/two')]
  writeFileSync(join(top, 'file'), '')
  mkdirSync(join(top, 'empty'))
  t.throws(() => makeDirectories([one, two]), {
    code: 'E_REFUSED',
    message: `mkdir ${two}: not a directory`,
  })
  t.notOk(existsSync(one))
  t.throws(() => makeDirectories([join(top, 'empty')]), {
    code: 'E_REFUSED',
    message: `mkdir ${top}/empty: somebody else made it just now`,
  })
  t.throws(() => makeDirectories([join(top, 'gone/two')]), { code: 'E_REFUSED' })
})

/** Does what a user without rights would. */
const asNobody = (act: () => void): void => {
  const isRoot = process.getuid?.() === 0
  if (isRoot) process.seteuid?.(65534)
  try {
    act()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

t.test('without permission', async (t) => {
  const top = temporary(t)
  chmodSync(top, 0o555)
  asNobody(() => t.throws(() => makeDirectories([join(top, 'a')]), { code: 'E_PERMISSION' }))
  chmodSync(top, 0o755)
  t.notOk(existsSync(join(top, 'a')))
})

t.test('who is not root is told of a failure alike', async (t) => {
  const top = temporary(t)
  writeFileSync(join(top, 'file'), '')
  chmodSync(top, 0o755)
  const path = join(top, 'file/two')
  const message = `mkdir ${path}: not a directory`
  asNobody(() => t.throws(() => makeDirectories([path]), { code: 'E_REFUSED', message }))
})
