import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  checkUnchanged,
  openCopySource,
  readDataRanges,
} from '../../../../src/kernel/mapping/copying/copy-source.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'
import { native } from '../../../helpers/mapping.ts'
import { temporary } from '../../../helpers/run.ts'

t.test('standard input is not opened and not closed', async (t) => {
  const source = openCopySource('-')
  t.strictSame([source.descriptor, source.path, source.stat], [0, '-', undefined])
  source.close()
  t.doesNotThrow(() => fstatSync(0))
  t.doesNotThrow(() => checkUnchanged(source, '/t'))
})

t.test(
  'a file of /proc has no length and something in it, an empty file has neither',
  async (t) => {
    t.throws(() => openCopySource('/proc/self/status'), {
      message: '/proc/self/status: does not say how long it is',
    })
    const file = join(temporary(t), 'empty')
    writeFileSync(file, '')
    const source = openCopySource(file)
    t.equal(source.stat?.size, 0n)
    source.close()
  },
)

t.test('what is no regular file, and no file', async (t) => {
  const top = temporary(t)
  writeFileSync(join(top, 'a'), '')
  symlinkSync('circle', join(top, 'circle'))
  t.throws(() => openCopySource(top), {
    code: 'E_USAGE',
    reason: 'wrong-file',
    message: `${top}: is a directory`,
    hint: 'cp copies one file at a time',
  })
  t.throws(() => openCopySource('/dev/null'), {
    code: 'E_USAGE',
    reason: 'wrong-file',
    message: '/dev/null: is no regular file',
    hint: "'hugepool cp - TARGET < /dev/null' copies what comes from it",
  })
  for (const [name, reason, words] of [
    ['none', 'no-file', 'no such file'],
    ['a/b', 'no-file', 'its path leads through what is not a directory'],
    ['circle', 'wrong-file', 'symbolic links that lead in a circle'],
  ] as const) {
    const path = join(top, name)
    t.throws(() => openCopySource(path), { code: 'E_USAGE', reason, message: `${path}: ${words}` })
  }
})

t.test('a file that is opened is closed, and one that is refused too', async (t) => {
  const open = () => readdirSync('/proc/self/fd').length
  const before = open()
  const file = join(temporary(t), 'a')
  writeFileSync(file, 'x')
  const source = openCopySource(file)
  t.equal(source.path, file)
  t.equal(source.stat?.ino, statSync(file, { bigint: true }).ino)
  t.equal(open(), before + 1)
  source.close()
  t.throws(() => openCopySource('/proc/self/status'))
  t.equal(open(), before)
})

t.test('a file that changes while it is copied', async (t) => {
  const file = join(temporary(t), 'a')
  const told = (how: string) => ({
    code: 'E_REFUSED',
    reason: 'changed',
    message: `${file}: ${how} while it was copied; nothing was left behind`,
    hint: 'copy it when nobody writes to it',
  })
  writeFileSync(file, 'abc')
  const source = openCopySource(file)
  utimesSync(file, 1, 1)
  t.throws(() => checkUnchanged(source, '/t'), told('was written to'))
  writeFileSync(file, 'abcd')
  t.throws(() => checkUnchanged(source, '/t'), told('grew'))
  writeFileSync(file, 'ab')
  t.throws(() => checkUnchanged(source, '/t'), told('became shorter'))
  t.throws(() => checkUnchanged(source, '-'), {
    message: `${file}: became shorter while it was copied; what was written so far is not whole`,
  })
  source.close()
})

t.test('where a file has data', async (t) => {
  const file = join(temporary(t), 'a')
  const descriptor = openSync(file, 'w')
  const piece = Buffer.alloc(65536, 1)
  for (const at of [2 ** 21, 2 ** 33]) writeSync(descriptor, piece, 0, piece.length, at)
  ftruncateSync(descriptor, 2 ** 34)
  closeSync(descriptor)
  const source = openCopySource(file)
  t.strictSame(readDataRanges(native, source, 2n ** 34n), [
    { from: 2n ** 21n, to: 2n ** 21n + 65536n },
    { from: 2n ** 33n, to: 2n ** 33n + 65536n },
  ])
  t.strictSame(
    readDataRanges(native, source, 2n ** 21n + 5n),
    [{ from: 2n ** 21n, to: 2n ** 21n + 5n }],
    'no more than the length that was seen',
  )
  t.strictSame(readDataRanges(native, source, 0n), [])
  source.close()
})

t.test('a file that is cut while its holes are looked for', async (t) => {
  const file = join(temporary(t), 'a')
  writeFileSync(file, 'a')
  const source = openCopySource(file)
  t.strictSame(readDataRanges(native, source, 10n), [{ from: 0n, to: 1n }])
  const refusing = nativeWith({
    seek: () => {
      throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'lseek' })
    },
  })
  t.throws(() => readDataRanges(refusing, source, 10n), {
    message: `${file}: input/output error (EIO)`,
  })
  checkUnchanged(source, '/t')
  truncateSync(file, 0)
  t.throws(() => checkUnchanged(source, '/t'), { reason: 'changed', message: /became shorter/ })
  source.close()
})
