import { linkSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { filesIn } from '../../../src/kernel/mounts/mount-files.ts'
import { temporary } from '../../helpers/run.ts'

t.test('files and their pages', async (t) => {
  const directory = temporary(t)
  t.strictSame(filesIn(directory, 512n), { files: 0n, pages: 0n })
  mkdirSync(join(directory, 'sub/sub'), { recursive: true })
  const names = ['a', 'sub/b', 'sub/sub/c'].map((name) => join(directory, name))
  for (const name of names) writeFileSync(name, 'x'.repeat(5000))
  const blocks = names
    .map((name) => statSync(name, { bigint: true }).blocks)
    .reduce((sum, each) => sum + each, 0n)
  t.strictSame(filesIn(directory, 512n), { files: 3n, pages: blocks })
  linkSync(names[0] as string, join(directory, 'link'))
  t.strictSame(filesIn(directory, 512n), { files: 4n, pages: blocks }, 'two names, the same pages')
  const held = [
    { inode: 1n, bytes: 1024n, named: false },
    { inode: 1n, bytes: 1024n, named: false },
    { inode: 2n, bytes: 1024n, named: true },
  ]
  t.strictSame(
    filesIn(directory, 512n, held),
    { files: 5n, pages: blocks + 2n },
    'a file without a name counts once, one with a name was counted',
  )
  t.equal(filesIn(join(directory, 'missing'), 512n), undefined)
})

t.test('files of another file system that is mounted further down do not count', async (t) => {
  const directory = temporary(t)
  mkdirSync(join(directory, 'sub/other/deep'), { recursive: true })
  for (const name of ['a', 'sub/b', 'sub/other/c', 'sub/other/deep/d'])
    writeFileSync(join(directory, name), '')
  const deviceOf = (path: string) => (path.includes('/other') ? 2 : 1)
  t.strictSame(filesIn(directory, 512n, [], deviceOf), { files: 2n, pages: 0n })
  t.strictSame(filesIn(join(directory, 'sub/other'), 512n, [], deviceOf), { files: 2n, pages: 0n })
})
