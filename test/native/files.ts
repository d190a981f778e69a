import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { OwnMapping } from '../../src/kernel/native/native-mapping.ts'
import { mapFile, native, openFile, pageSize } from '../helpers/mapping.ts'
import { temporary } from '../helpers/run.ts'

const temporaryFile = 0o20000000 | constants.O_DIRECTORY
const noDescriptor = 2 ** 31 - 1
const [seekSet, seekData, seekHole] = [0, 3, 4]

type Call = 'seek' | 'linkDescriptor' | 'setTimes'

/** For arguments that the types forbid. */
const untyped = (name: Call, ...words: readonly unknown[]): unknown =>
  Reflect.apply(native[name], undefined, words)

const unnamed = (t: Test, directory: string): number => {
  const descriptor = openSync(directory, constants.O_RDWR | temporaryFile, 0o600)
  t.teardown(() => closeSync(descriptor))
  return descriptor
}

t.test('arguments of a wrong type are refused before anything is called', async (t) => {
  const right: Readonly<Record<Call, readonly unknown[]>> = {
    seek: [noDescriptor, 0, seekSet],
    linkDescriptor: [noDescriptor, '/nonexistent/a'],
    setTimes: [noDescriptor, 0n, 0n],
  }
  const wrong = {
    seek: [undefined, '1', 0.5, -1, 2 ** 53, 1n],
    linkDescriptor: [undefined, 1, 'a\0b', {}],
    setTimes: [undefined, 1, '1', 2n ** 63n],
  }
  for (const name of ['seek', 'linkDescriptor', 'setTimes'] as const)
    for (const [index] of right[name].entries())
      for (const value of wrong[name]) {
        // A descriptor may have any number, and so may `whence`: the kernel refuses them.
        const number = index === 0 || (name === 'seek' && index === 2)
        if (number && typeof value === 'number' && Number.isInteger(value) && value < 2 ** 31)
          continue
        t.throws(() => untyped(name, ...right[name].with(index, value)), TypeError, name)
      }
  for (const name of ['seek', 'setTimes'] as const)
    t.throws(() => untyped(name, ...right[name]), { code: 'EBADF' })
  t.throws(() => untyped('linkDescriptor', ...right.linkDescriptor), {
    code: 'ENOENT',
    syscall: 'linkat',
    path: '/nonexistent/a',
  })
})

t.test('seek finds data and holes', async (t) => {
  const descriptor = unnamed(t, temporary(t))
  ftruncateSync(descriptor, 2 ** 40)
  writeSync(descriptor, Buffer.alloc(pageSize, 1), 0, pageSize, 2 ** 33)
  t.equal(native.seek(descriptor, 0, seekData), 2 ** 33)
  t.equal(native.seek(descriptor, 2 ** 33, seekHole), 2 ** 33 + pageSize)
  const end = { code: 'ENXIO', syscall: 'lseek' }
  t.throws(() => native.seek(descriptor, 2 ** 33 + pageSize, seekData), end)
})

t.test('a file without a name is given one, once', async (t) => {
  const directory = temporary(t)
  const descriptor = unnamed(t, directory)
  writeSync(descriptor, 'whole')
  t.strictSame(readdirSync(directory), [])
  const path = join(directory, 'a')
  native.linkDescriptor(descriptor, path)
  t.equal(readFileSync(path, 'utf8'), 'whole')
  const taken = { code: 'EEXIST', syscall: 'linkat', path }
  t.throws(() => native.linkDescriptor(unnamed(t, directory), path), taken)
})

t.test('times are kept to the nanosecond, before 1970 too', async (t) => {
  const descriptor = unnamed(t, temporary(t))
  for (const [access, change] of [
    [1234567890123456789n, 1n],
    [-1n, -1_500_000_000n],
  ] as const) {
    native.setTimes(descriptor, access, change)
    const { atimeNs, mtimeNs } = fstatSync(descriptor, { bigint: true })
    t.strictSame([atimeNs, mtimeNs], [access, change])
  }
})

t.test('the least and the greatest time leave no range', (t) => {
  const descriptor = unnamed(t, temporary(t))
  // The file system keeps the nearest time that it has, where it has not these.
  for (const time of [-(2n ** 63n), 2n ** 63n - 1n]) {
    native.setTimes(descriptor, time, time)
    const { atimeNs, mtimeNs } = fstatSync(descriptor, { bigint: true })
    t.equal(atimeNs, mtimeNs)
    t.equal(atimeNs < 0n, time < 0n)
  }
  t.end()
})

const mapped = async (t: Test, pages: number, rest = {}) => {
  const descriptor = openFile(t, pages)
  const mapping = (await mapFile(t, descriptor, pages, rest)) as OwnMapping
  return { descriptor, mapping }
}

t.test('what is stored is in the file', async (t) => {
  const { descriptor, mapping } = await mapped(t, 2)
  mapping.store(pageSize - 2, Buffer.from('here'))
  mapping.store(2 * pageSize, Buffer.alloc(0))
  const part = Buffer.from('xxpartxx').subarray(2, 6)
  mapping.store(0, part)
  const found = readFileSync(`/proc/self/fd/${descriptor}`)
  t.equal(found.toString('latin1', pageSize - 2, pageSize + 2), 'here')
  t.equal(found.toString('latin1', 0, 5), 'part\0', 'no more than the view has')
})

t.test('nothing is stored outside of the mapping', async (t) => {
  const { mapping } = await mapped(t, 1)
  const store = mapping.store.bind(mapping) as (...words: readonly unknown[]) => void
  for (const words of [
    [pageSize, Buffer.alloc(1)],
    [0, Buffer.alloc(pageSize + 1)],
    [1, Buffer.alloc(pageSize)],
    [-1, Buffer.alloc(1)],
    [0.5, Buffer.alloc(1)],
    [2 ** 53, Buffer.alloc(1)],
    [0, 'text'],
    [0, [1]],
    [0],
    [],
  ])
    t.throws(() => store(...words), TypeError)
  await mapping.unmap()
  t.throws(() => store(0, Buffer.alloc(1)), { code: 'EFAULT', syscall: 'store' })
})

t.test('a page that is not there is an error', async (t) => {
  const { descriptor, mapping } = await mapped(t, 3)
  ftruncateSync(descriptor, pageSize)
  mapping.store(0, Buffer.from('there'))
  t.throws(() => mapping.store(pageSize - 1, Buffer.alloc(2)), { code: 'EFAULT', syscall: 'store' })
  mapping.store(0, Buffer.from('again'))
  t.equal(readFileSync(`/proc/self/fd/${descriptor}`).toString('latin1', 0, 5), 'again')
})

t.test('a mapping may start within the file', async (t) => {
  const descriptor = openFile(t, 3)
  const mapping = (await mapFile(t, descriptor, 1, { offset: 2 * pageSize })) as OwnMapping
  mapping.store(0, Buffer.from('third'))
  const found = readFileSync(`/proc/self/fd/${descriptor}`)
  t.equal(found.toString('latin1', 2 * pageSize, 2 * pageSize + 5), 'third')
  for (const offset of [null, '0', -pageSize, 1, pageSize + 4096, 2 ** 53])
    await t.rejects(mapFile(t, descriptor, 1, { offset: offset as number }), TypeError)
})
