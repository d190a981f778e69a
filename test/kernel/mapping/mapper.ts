import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  constants,
  fstatSync,
  ftruncateSync,
  linkSync,
  openSync,
  readdirSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Mapper, mapperWith, temporaryFile } from '../../../src/kernel/mapping/mapper.ts'
import { readFrames } from '../../../src/kernel/mapping/pagemap.ts'
import type { MapRequest, OwnMapping } from '../../../src/kernel/native/native-mapping.ts'
import { answering } from '../../helpers/failing-files.ts'
import { nativeWith } from '../../helpers/fake-native.ts'
import { mapFile, mapZero, native, openFile, pageSize, touching } from '../../helpers/mapping.ts'

/** What needs the file system alone makes no native call. */
const mapper = mapperWith(nativeWith({}), [])

const openCount = (): number => readdirSync('/proc/self/fd').length

const closing = (t: Test, descriptor: number): number => {
  t.teardown(() => mapper.close(descriptor))
  return descriptor
}

t.test('a character device is opened', async (t) => {
  const found = mapper.openExisting('/dev/zero', 'shared')
  if (found === undefined) throw new Error('/dev/zero is a character device')
  closing(t, found.descriptor)
  t.strictSame(Object.keys(found), ['descriptor'], 'its pages have no size')
  t.ok(fstatSync(found.descriptor).isCharacterDevice())
  t.equal(writeSync(found.descriptor, 'x'), 1, 'for writing')
})

t.test('whether a directory can be written', async (t) => {
  const directory = t.testdir({ closed: {} })
  t.equal(mapper.mayWrite(directory), true)
  t.equal(mapper.mayWrite(join(directory, 'none')), false)
  chmodSync(join(directory, 'closed'), 0o555)
  t.equal(mapper.mayWrite(join(directory, 'closed')), process.getuid?.() === 0)
})

t.test('what is neither a file of hugetlbfs nor a device is left alone', async (t) => {
  const directory = t.testdir({ file: 'text', empty: '', below: {} })
  const path = (name: string) => join(directory, name)
  symlinkSync('file', path('link'))
  symlinkSync('below', path('way'))
  t.equal(spawnSync('mkfifo', [path('fifo')]).status, 0)
  const before = openCount()
  for (const name of ['file', 'empty', 'below', 'link', 'way', 'fifo', '.'])
    t.equal(mapper.openExisting(path(name), 'shared'), undefined, name)
  t.equal(openCount(), before, 'nothing stays open')
})

t.test('what is not there', async (t) => {
  const directory = t.testdir({ file: 'text' })
  symlinkSync('nowhere', join(directory, 'dangling'))
  for (const [name, code] of [
    ['missing', 'ENOENT'],
    ['dangling', 'ENOENT'],
    ['file/below', 'ENOTDIR'],
    ['x'.repeat(256), 'ENAMETOOLONG'],
  ] as const)
    t.throws(() => mapper.openExisting(join(directory, name), 'shared'), { code }, name)
  t.strictSame(readdirSync(directory), ['dangling', 'file'], 'nothing is made')
})

t.test('a file without a name', async (t) => {
  const directory = t.testdir({ file: '' })
  const descriptor = closing(t, mapper.unnamedFile(directory))
  const { nlink, mode, size } = fstatSync(descriptor)
  t.strictSame({ nlink, mode: mode & 0o7777, size }, { nlink: 0, mode: 0o600, size: 0 })
  t.equal(writeSync(descriptor, 'x'), 1)
  t.strictSame(readdirSync(directory), ['file'], 'nothing of it is seen')
  const before = openCount()
  for (const [name, code] of [
    ['missing', 'ENOENT'],
    ['file', 'ENOTDIR'],
  ] as const)
    t.throws(() => mapper.unnamedFile(join(directory, name)), { code }, name)
  t.equal(openCount(), before)
})

t.test('whether a file has a name still', async (t) => {
  t.equal(mapper.isNamed(closing(t, mapper.unnamedFile(t.testdir({ file: '' })))), false)
  const path = join(t.testdirName, 'file')
  const descriptor = closing(t, openSync(path, 'r'))
  t.equal(mapper.isNamed(descriptor), true)
  linkSync(path, `${path}.too`)
  unlinkSync(path)
  t.equal(mapper.isNamed(descriptor), true)
  unlinkSync(`${path}.too`)
  t.equal(mapper.isNamed(descriptor), false)
})

t.test('the length of a file, and what is in it', async (t) => {
  const descriptor = closing(t, mapper.unnamedFile(t.testdir({})))
  t.equal(mapper.fileBytes(descriptor), 0n)
  t.equal(mapper.heldBytes(descriptor), 0n)
  const bytes = 2 ** 32 + 5
  ftruncateSync(descriptor, bytes)
  t.equal(mapper.fileBytes(descriptor), BigInt(bytes))
  t.ok(mapper.heldBytes(descriptor) < 65536n, 'a hole holds nothing')
  writeSync(descriptor, Buffer.alloc(1024 * 1024), 0, 1024 * 1024, 0)
  const held = mapper.heldBytes(descriptor)
  t.ok(held >= 1024n * 1024n && held < 2n * 1024n * 1024n, `${held} bytes`)
})

t.test('another file system has no limit of hugetlbfs', async (t) => {
  const descriptor = closing(t, mapper.unnamedFile(t.testdir({})))
  t.equal(mapper.freeBytes(descriptor), undefined)
  t.throws(() => mapper.freeBytes(2 ** 30), { code: 'E_UNSUPPORTED' })
})

t.test('a descriptor is closed once', async (t) => {
  const descriptor = mapper.unnamedFile(t.testdir({}))
  mapper.close(descriptor)
  for (const call of [mapper.close, mapper.fileBytes, mapper.heldBytes, mapper.isNamed])
    t.throws(() => call(descriptor), { code: 'EBADF' })
})

t.test('what is asked of the addon', async (t) => {
  const calls: unknown[] = []
  const note =
    <T>(name: string, answer: T) =>
    (...words: readonly unknown[]) => {
      calls.push([name, ...words])
      return answer
    }
  const mapping = (await mapZero(t, 1)) as OwnMapping
  const noted = mapperWith(
    nativeWith({
      map: note('map', Promise.resolve(mapping)),
      attachSegment: note('attachSegment', Promise.resolve(mapping)),
      memfd: note('memfd', 17),
      canPopulate: note('canPopulate', true),
    }),
    [],
  )
  const request: MapRequest = {
    bytes: pageSize,
    pageSize,
    noreserve: true,
    shared: false,
    populate: false,
  }
  t.equal(await noted.map(request), mapping)
  t.equal(await noted.attachSegment(request), mapping)
  t.equal(noted.memfd(2n ** 30n), 17)
  t.equal(noted.canPopulate(), true)
  t.strictSame(calls, [
    ['map', request],
    ['attachSegment', request],
    ['memfd', 'hugepool', 2 ** 30],
    ['canPopulate'],
  ])
})

t.test('frames of a mapping, those that can be seen', async (t) => {
  const mapping = await mapFile(t, openFile(t, 3), 3)
  t.strictSame(mapper.frames(mapping, 2n, BigInt(pageSize)), [undefined, undefined])
  await mapping.touch(touching(mapping, { to: 2 }))
  const frames = mapper.frames(mapping, 3n, BigInt(pageSize))
  const seen = readFrames({ address: mapping.address, pageSize, pages: 3 })
  t.strictSame(
    frames,
    seen.map((frame) => (frame === undefined ? undefined : BigInt(frame))),
  )
  t.equal(frames[2], undefined, 'a page that was not touched')
})

t.test('frames that nobody shows are none, and another error is one', async (t) => {
  const mapping = await mapFile(t, openFile(t, 1), 1)
  const framesWith = (t: Test, code: string) => {
    answering(t, '/proc/self/pagemap', code, ['openSync'])
    return () => mapper.frames(mapping, 1n, BigInt(pageSize))
  }
  for (const code of ['ENOENT', 'EACCES', 'EPERM'])
    await t.test(code, async (t) => t.strictSame(framesWith(t, code)(), []))
  t.throws(framesWith(t, 'EMFILE'), { code: 'EMFILE' })
})

t.test('what is mapped at an address, for those who may', async (t) => {
  const descriptor = openFile(t, 2)
  const mapping = await mapFile(t, descriptor, 2)
  const opened = (one: Mapper) => {
    try {
      return closing(t, one.openMapped(mapping, 2n * BigInt(pageSize)))
    } catch (error) {
      return (error as { code?: string }).code
    }
  }
  const again = opened(mapperWith(native, []))
  if (typeof again !== 'number') t.equal(again, 'EPERM')
  else {
    const [one, other] = [descriptor, again].map((each) => fstatSync(each))
    t.strictSame([one?.dev, one?.ino], [other?.dev, other?.ino])
    t.throws(() => mapper.openMapped(mapping, BigInt(pageSize)), { code: 'ENOENT' }, 'half of it')
  }
})

t.test('another process is started by the words of this one and one more', async (t) => {
  const script = `test "$0 $1" = "one __share" && read line && echo '{"id":1}' && cat > /dev/null`
  const started = mapperWith(nativeWith({}), ['sh', '-c', script, 'one'])
  const request = { bytes: pageSize, pageSize, noreserve: false, shared: true, populate: false }
  const shared = await started.share(openFile(t, 1), request, new AbortController().signal)
  t.ok(shared.pid > 0 && shared.pages === 1)
  await shared.unmap()
})

t.test('a file without a name is asked for as a directory is', async (t) => {
  t.equal(temporaryFile & constants.O_DIRECTORY, constants.O_DIRECTORY)
  t.equal(temporaryFile & 0o20000000, 0o20000000)
})
