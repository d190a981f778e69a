import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  checkMountRecord,
  mountRecordPath,
  readMountRecord,
  writeMountRecord,
} from '../../../src/kernel/config/mount-record.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { temporary } from '../../helpers/run.ts'
import { standIn } from '../../helpers/standing-in.ts'

const made = { target: '/mnt/h\u00fcge', id: 40, device: '0:40' }

const scene = (t: Test) => {
  const root = temporary(t)
  mkdirSync(join(root, 'run'))
  return { root, tree: directoryTree(root), file: join(root, mountRecordPath) }
}

t.test('what was written is read', async (t) => {
  const { tree, file } = scene(t)
  t.strictSame(readMountRecord(tree), [], 'nothing is recorded without a file')
  writeMountRecord(tree, [made])
  t.strictSame(readMountRecord(tree), [made])
  t.match(readFileSync(file, 'utf8'), '/mnt/h\u00fcge')
  t.equal(statSync(file).mode & 0o777, 0o644)
  writeMountRecord(tree, [])
  t.strictSame(readMountRecord(tree), [])
})

t.test('nothing is written where the file says the same', async (t) => {
  const { tree, file } = scene(t)
  writeMountRecord(tree, [])
  t.notOk(existsSync(file))
  writeMountRecord(tree, [made])
  const { ino } = statSync(file)
  writeMountRecord(tree, [{ ...made }])
  t.equal(statSync(file).ino, ino)
  writeMountRecord(tree, [made, { ...made, id: 41 }])
  t.not(statSync(file).ino, ino, 'a change is a new file')
})

t.test('garbage is none, and is written over', async (t) => {
  const { root, tree } = scene(t)
  mkdirSync(join(root, 'run/hugepool'))
  writeFileSync(join(root, mountRecordPath), 'x')
  t.equal(readMountRecord(tree), undefined)
  writeMountRecord(tree, [made])
  t.strictSame(readMountRecord(tree), [made])
})

t.test('another place, and one where nothing can be written', async (t) => {
  const { root, tree } = scene(t)
  writeMountRecord(tree, [made], '/run/other/record')
  t.strictSame(readMountRecord(tree, '/run/other/record'), [made])
  t.strictSame(readMountRecord(tree), [])
  mkdirSync(join(root, 'run/directory'))
  const message = '/run/directory is not a regular file'
  t.throws(() => readMountRecord(tree, '/run/directory'), { message })
  t.throws(() => writeMountRecord(tree, [made], '/run/directory'), { message })
  const missing = directoryTree(join(root, 'nowhere'))
  t.throws(() => writeMountRecord(missing, [made]), {
    message: new RegExp(`^${mountRecordPath}: `),
  })
  mkdirSync(join(root, 'run/odd'))
  t.throws(() => readMountRecord(tree, '/run/odd'), { code: 'E_REFUSED', reason: 'wrong-file' })
})

const passing = process.getuid?.() === 0 ? 'root may give every file away' : false

t.test('a record that cannot be given to its owner', { skip: passing }, async (t) => {
  const { tree, file } = scene(t)
  writeMountRecord(tree, [made])
  t.doesNotThrow(() => checkMountRecord(tree), 'that of this user')
  const { lstatSync } = standIn(t, {
    lstatSync: (...words: Parameters<typeof lstatSync>) => {
      const stat = lstatSync(...words)
      return words[0] === file ? stat && Object.assign(stat, { uid: 0, gid: 12 }) : stat
    },
  })
  const refused = {
    code: 'E_PERMISSION',
    message: `${mountRecordPath}: belongs to user 0 and group 12, to whom only root (CAP_CHOWN) may give a file`,
  }
  t.throws(() => checkMountRecord(tree), refused)
  t.throws(() => writeMountRecord(tree, []), refused)
  t.strictSame(readMountRecord(tree), [made])
})
