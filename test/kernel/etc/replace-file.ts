import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  backUp,
  readRegular,
  replaceAnew,
  replaceFile,
  syncDirectory,
} from '../../../src/kernel/etc/replace-file.ts'
import { removeUnfinished } from '../../../src/kernel/etc/unfinished.ts'
import { beforeCalls, diskFull } from '../../helpers/changing-calls.ts'
import { temporary } from '../../helpers/run.ts'
import { standIn } from '../../helpers/standing-in.ts'

t.test('a file is replaced with every byte, its mode, and a backup', async (t) => {
  const directory = temporary(t)
  const [file, backup] = [join(directory, 'fstab'), join(directory, 'backup')]
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  writeFileSync(file, bytes)
  chmodSync(file, 0o640)
  const inode = statSync(file).ino
  backUp(file, bytes.toString('latin1'), backup)
  replaceFile(file, bytes.toString('latin1'), 'new\xff')
  t.strictSame(readFileSync(file), Buffer.from('new\xff', 'latin1'))
  t.strictSame(readFileSync(backup), bytes)
  for (const one of [file, backup]) t.equal(statSync(one).mode & 0o7777, 0o640)
  t.not(statSync(file).ino, inode, 'another file under the name')
  backUp(file, 'new\xff', backup)
  t.equal(readRegular(backup), 'new\xff')
  t.strictSame(readdirSync(directory).sort(), ['backup', 'fstab'])
})

t.test('the owner stays', async (t) => {
  const file = join(temporary(t), 'fstab')
  writeFileSync(file, 'old')
  const { uid, gid } = process.getuid?.() === 0 ? { uid: 12, gid: 34 } : statSync(file)
  chownSync(file, uid, gid)
  chmodSync(file, 0o4711)
  backUp(file, 'old', `${file}-backup`)
  replaceFile(file, 'old', 'new')
  replaceFile(`${file}-new`, undefined, 'new', { owner: { uid, gid }, mode: 0o4711 })
  replaceFile(file, 'new', 'newer', { owner: { uid: 56, gid: 78 } })
  for (const one of [file, `${file}-backup`, `${file}-new`])
    t.hasStrict(statSync(one), { uid, gid, mode: 0o104711 })
})

t.test('a mode that a file has already is not asked for', async (t) => {
  const file = join(temporary(t), 'cmdline.txt')
  writeFileSync(file, 'old', { mode: 0o600 })
  beforeCalls(t, (call) => {
    if (call === 'fchmod' || call === 'fchown') throw diskFull(call)
  })
  replaceFile(file, 'old', 'new')
  t.equal(readRegular(file), 'new')
})

t.test('a missing file is made, readable for all, whatever the umask', async (t) => {
  const directory = temporary(t)
  const file = join(directory, 'x.mount')
  const umask = process.umask(0o077)
  t.teardown(() => process.umask(umask))
  t.equal(readRegular(file), undefined)
  replaceFile(file, undefined, 'new')
  t.equal(readRegular(file), 'new')
  t.equal(statSync(file).mode & 0o7777, 0o644)
  t.strictSame(readdirSync(directory), ['x.mount'])
})

t.test('what was changed meanwhile is left as it is', async (t) => {
  const directory = temporary(t)
  const file = join(directory, 'fstab')
  const meanwhile = { code: 'E_REFUSED', message: `${file} was changed by somebody else meanwhile` }
  t.throws(() => replaceFile(file, 'old', 'new'), meanwhile)
  writeFileSync(file, 'theirs')
  t.throws(() => replaceFile(file, 'old', 'new'), meanwhile)
  t.throws(() => backUp(file, 'old', join(directory, 'backup')), meanwhile)
  t.throws(() => replaceFile(file, undefined, 'new'), meanwhile)
  t.equal(readRegular(file), 'theirs')
  t.strictSame(readdirSync(directory), ['fstab'])
})

t.test('so is what changes while the new text is written', async (t) => {
  const directory = temporary(t)
  const file = join(directory, 'fstab')
  beforeCalls(t, (call) => {
    if (call === 'fsync') writeFileSync(file, 'theirs')
  })
  for (const replace of [replaceFile, replaceAnew]) {
    writeFileSync(file, 'old')
    t.throws(() => replace(file, 'old', 'new'), {
      code: 'E_REFUSED',
      message: `${file} was changed by somebody else meanwhile`,
    })
    t.equal(readRegular(file), 'theirs')
    t.strictSame(readdirSync(directory), ['fstab'])
  }
})

t.test(
  'a new text that another hugepool removed is refused, and other errors are told',
  async (t) => {
    const directory = temporary(t)
    const file = join(directory, 'fstab')
    writeFileSync(file, 'old')
    await t.test('removed', async (t) => {
      beforeCalls(t, (call) => {
        if (call === 'rename') removeUnfinished(file)
      })
      t.throws(() => replaceFile(file, 'old', 'new'), {
        code: 'E_REFUSED',
        message: `${file} was changed by somebody else meanwhile`,
      })
    })
    beforeCalls(t, (call) => {
      if (call === 'rename') throw diskFull(call)
    })
    t.throws(() => replaceFile(file, 'old', 'new'), { code: 'ENOSPC' })
    t.equal(readRegular(file), 'old')
    t.strictSame(readdirSync(directory), ['fstab'])
  },
)

t.test('who replaces a file anew is told once it has its name', async (t) => {
  const file = join(temporary(t), 'metrics')
  const seen: unknown[] = []
  replaceAnew(file, undefined, 'new', () => seen.push(readRegular(file)))
  t.strictSame(seen, ['new'])
})

t.test('what was changed before is refused before anything is written', async (t) => {
  const file = join(temporary(t), 'fstab')
  writeFileSync(file, 'theirs')
  const calls: string[] = []
  beforeCalls(t, (call) => void calls.push(call))
  for (const replace of [replaceFile, replaceAnew])
    t.throws(() => replace(file, 'old', 'new'), { code: 'E_REFUSED' })
  t.strictSame(calls, [])
})

t.test(
  'what takes the place of a file between two looks is neither read nor waited for',
  async (t) => {
    const directory = temporary(t)
    const at = (name: string) => join(directory, name)
    writeFileSync(at('file'), 'text')
    mkdirSync(at('directory'))
    symlinkSync('file', at('link'))
    execFileSync('mkfifo', [at('fifo')])
    const { lstatSync: look } = standIn(t, { lstatSync: () => look(at('file')) })
    const open = readdirSync('/proc/self/fd').length
    for (const name of ['directory', 'fifo'])
      t.throws(() => readRegular(at(name)), {
        code: 'E_REFUSED',
        message: `${at(name)} is not a regular file`,
      })
    t.throws(() => readRegular(at('link')), { code: 'ELOOP' })
    t.equal(readRegular(at('file')), 'text')
    t.equal(readdirSync('/proc/self/fd').length, open, 'no descriptor stays open')
  },
)

t.test('only a directory is synced as the directory of a file', async (t) => {
  const file = join(temporary(t), 'a')
  writeFileSync(file, '')
  t.doesNotThrow(() => syncDirectory(file))
  t.throws(() => syncDirectory(join(file, 'b')), { code: 'ENOTDIR', path: file })
})

t.test('what is no regular file is refused, and a link is not followed', async (t) => {
  const directory = temporary(t)
  mkdirSync(join(directory, 'd'))
  writeFileSync(join(directory, 'target'), 'text')
  symlinkSync('target', join(directory, 'link'))
  for (const name of ['d', 'link'])
    t.throws(() => readRegular(join(directory, name)), {
      code: 'E_REFUSED',
      message: /is not a regular file/,
    })
  t.throws(() => readRegular('/dev/null'), { code: 'E_REFUSED' })
  backUp(join(directory, 'target'), 'text', join(directory, 'link'))
  t.notOk(lstatSync(join(directory, 'link')).isSymbolicLink(), 'a backup takes the place of a link')
  t.equal(readRegular(join(directory, 'link')), 'text')
})

t.test('a failure leaves no file behind', async (t) => {
  const directory = temporary(t)
  const file = join(directory, 'fstab')
  writeFileSync(file, 'old')
  mkdirSync(join(directory, 'backup'))
  t.throws(() => backUp(file, 'old', join(directory, 'backup')), { code: 'EISDIR' })
  t.strictSame(readdirSync(directory).sort(), ['backup', 'fstab'])
  t.throws(() => replaceFile(join(directory, 'no/x'), undefined, 'new'), { code: 'ENOENT' })
})

t.test('what a killed process left goes with the next write, and nothing else', async (t) => {
  const directory = temporary(t)
  const at = (name: string) => join(directory, name)
  const kept = ['.#fstab', '.#hugepool', 'fstab.hugepool-backup']
  for (const name of [...kept, '.#hugepool-00000000', '.#hugepool-0000000f'])
    writeFileSync(at(name), '')
  mkdirSync(at('.#hugepool-directory'))
  writeFileSync(at('.#hugepool-directory/x'), '')
  mkdirSync(at('.#hugepool-00000010'))
  symlinkSync('fstab', at('.#hugepool-00000011'))
  replaceFile(at('fstab'), undefined, 'new')
  t.strictSame(readdirSync(directory).sort(), [...kept, '.#hugepool-directory', 'fstab'].sort())
  writeFileSync(at('.#hugepool-00000000'), '')
  removeUnfinished(at('fstab'))
  t.notOk(existsSync(at('.#hugepool-00000000')))
})
