import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  directoryAccess,
  mayMakeFiles,
} from '../../../src/kernel/processes/read-directory-access.ts'
import { temporary } from '../../helpers/run.ts'

t.test('a directory below another root, and those above it', async (t) => {
  const root = temporary(t)
  mkdirSync(join(root, 'a/b'), { recursive: true })
  chmodSync(join(root, 'a/b'), 0o700)
  chmodSync(join(root, 'a'), 0o751)
  const found = directoryAccess(root, '/a/b')
  t.strictSame(found?.map(({ path, mode }) => [path, mode]).slice(0, 2), [
    ['/a/b', 0o700],
    ['/a', 0o751],
  ])
  t.strictSame(
    found?.map(({ path }) => path),
    ['/a/b', '/a', '/'],
  )
  t.equal(found?.[0]?.user, BigInt(process.getuid?.() ?? 0))
  t.equal(directoryAccess(root, '/a/c'), undefined)
})

t.test('what access(2) says', async (t) => {
  const root = temporary(t)
  t.ok(mayMakeFiles(root))
  t.notOk(mayMakeFiles(join(root, 'gone')))
  if (process.getuid?.() === 0) return
  chmodSync(root, 0o500)
  t.notOk(mayMakeFiles(root))
  chmodSync(root, 0o300)
  t.ok(mayMakeFiles(root))
  chmodSync(root, 0o600)
  t.notOk(mayMakeFiles(root))
  chmodSync(root, 0o700)
})
