import {
  constants,
  fstatSync,
  lstatSync,
  type Mode,
  type OpenMode,
  openSync,
  type PathLike,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  discardNewFile,
  giveName,
  keepModeAndTimes,
  makeNewFile,
  type NewFile,
  setLength,
} from '../../../../src/kernel/mapping/copying/new-file.ts'
import { answering } from '../../../helpers/failing-files.ts'
import { type Errno, systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'
import { native } from '../../../helpers/mapping.ts'
import { temporary } from '../../../helpers/run.ts'

/** A new file with something in it: without a name, or with a hidden one. */
const newFile = (t: Test, isHidden: boolean) => {
  const directory = temporary(t)
  const made = makeNewFile(directory, 0o640)
  const hidden = join(directory, '.hugepool-1')
  const file: NewFile = isHidden ? { ...made, hidden } : made
  if (isHidden) native.linkDescriptor(made.descriptor, hidden)
  writeSync(file.descriptor, 'new')
  const path = join(directory, 'a')
  return { directory, file, path, names: () => readdirSync(directory).sort() }
}

t.test('a new file cannot be seen, and is gone when it is discarded', async (t) => {
  const { file, names } = newFile(t, false)
  t.strictSame(names(), [])
  t.equal(file.hidden, undefined)
  t.equal(fstatSync(file.descriptor).mode & 0o7137, 0, 'no more rights than asked for')
  discardNewFile(file)
  t.throws(() => fstatSync(file.descriptor), { code: 'EBADF' })
  const second = newFile(t, true)
  t.strictSame(second.names(), ['.hugepool-1'])
  discardNewFile(second.file)
  t.strictSame(second.names(), [])
})

t.test('where no unnamed file can be made, the error is that of the directory', async (t) => {
  t.throws(() => makeNewFile(join(temporary(t), 'none'), 0o600), { code: 'ENOENT' })
  t.throws(() => makeNewFile('/proc', 0o600), { code: /^E/ })
})

t.test('a file system without unnamed files gets one with a hidden name', async (t) => {
  const directory = temporary(t)
  const calls: unknown[] = []
  const without = (errno: Errno) => (path: PathLike, flags: OpenMode, mode?: Mode | null) => {
    calls.push([path, flags, mode])
    if (path === directory) throw systemError(errno, 'open', directory)
    return openSync(path, flags, mode)
  }
  const { descriptor, hidden = '' } = makeNewFile(directory, 0o640, without('EOPNOTSUPP'))
  const { O_RDWR, O_CREAT, O_EXCL, O_DIRECTORY } = constants
  t.strictSame(calls, [
    [directory, O_RDWR | 0o20000000 | O_DIRECTORY, 0o640],
    [hidden, O_RDWR | O_CREAT | O_EXCL, 0o640],
  ])
  t.match(hidden, /\/\.hugepool-[0-9a-f]{8,12}$/)
  t.strictSame(
    readdirSync(directory).map((name) => join(directory, name)),
    [hidden],
  )
  discardNewFile({ descriptor, hidden })
  t.strictSame(readdirSync(directory), [])
  t.throws(() => makeNewFile(directory, 0o640, without('EACCES')), { code: 'EACCES' })
})

for (const isHidden of [false, true])
  t.test(`a ${isHidden ? 'hidden' : 'nameless'} file gets its name`, async (t) => {
    const { directory, file, path, names } = newFile(t, isHidden)
    giveName(native, file, { path, directory, replaces: false })
    t.strictSame(names(), ['a'])
    t.equal(readFileSync(path, 'utf8'), 'new')
    discardNewFile(file)
    t.strictSame(names(), ['a'], 'and keeps it')

    const taken = newFile(t, isHidden)
    writeFileSync(taken.path, 'old')
    const place = { path: taken.path, directory: taken.directory }
    t.throws(() => giveName(native, taken.file, { ...place, replaces: false }), { code: 'EEXIST' })
    t.equal(readFileSync(taken.path, 'utf8'), 'old')
    giveName(native, taken.file, { ...place, replaces: true })
    t.equal(readFileSync(taken.path, 'utf8'), 'new')
    discardNewFile(taken.file)
    t.strictSame(taken.names(), ['a'])

    const unlucky = newFile(t, isHidden)
    const none = join(unlucky.directory, 'none/a')
    const nowhere = { path: none, directory: unlucky.directory, replaces: true }
    t.throws(() => giveName(native, unlucky.file, nowhere), { code: 'ENOENT' })
    discardNewFile(unlucky.file)
    t.strictSame(unlucky.names(), [], 'no hidden name stays where the rename fails')
  })

for (const errno of ['EPERM', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'EIO'])
  t.test(`without hard links (${errno}) a name that is taken stays what it is`, async (t) => {
    const { directory, file, path, names } = newFile(t, true)
    const place = { path, directory, replaces: false }
    answering(t, file.hidden ?? '', errno, ['linkSync'])
    writeFileSync(path, 'old')
    t.throws(() => giveName(native, file, place), { code: errno })
    t.equal(readFileSync(path, 'utf8'), 'old')
    unlinkSync(path)
    if (errno === 'EIO') t.throws(() => giveName(native, file, place), { code: errno })
    else {
      giveName(native, file, place)
      t.strictSame([names(), readFileSync(path, 'utf8')], [['a'], 'new'])
    }
    discardNewFile(file)
    t.strictSame(names(), errno === 'EIO' ? [] : ['a'])
  })

t.test('a dangling link at the name is not replaced unasked', async (t) => {
  const { directory, file, path } = newFile(t, false)
  symlinkSync('nowhere', path)
  t.throws(() => giveName(native, file, { path, directory, replaces: false }), { code: 'EEXIST' })
  discardNewFile(file)
})

t.test('length, mode and times', async (t) => {
  const { directory, file, path } = newFile(t, false)
  setLength(file, 2n ** 33n)
  const source = join(directory, 'source')
  writeFileSync(source, '')
  const stat = Object.assign(lstatSync(source, { bigint: true }), {
    mode: 0o106751n,
    atimeNs: 5n,
    mtimeNs: 1_000_000_007n,
  })
  keepModeAndTimes(native, file, stat)
  giveName(native, file, { path, directory, replaces: false })
  const kept = statSync(path, { bigint: true })
  t.strictSame(
    [kept.size, kept.mode & 0o7777n, kept.atimeNs, kept.mtimeNs],
    [2n ** 33n, 0o751n, 5n, 1_000_000_007n],
  )
  discardNewFile(file)
})

t.test('an error of the kernel is passed on', async (t) => {
  const { directory, file, path } = newFile(t, false)
  const refusing = nativeWith({
    linkDescriptor: () => {
      throw Object.assign(new Error('EDQUOT'), { code: 'EDQUOT', syscall: 'linkat' })
    },
  })
  t.throws(() => giveName(refusing, file, { path, directory, replaces: false }), { code: 'EDQUOT' })
  discardNewFile(file)
})
