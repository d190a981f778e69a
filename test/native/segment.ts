import { spawnSync } from 'node:child_process'
import { release } from 'node:os'
import t from 'tap'
import { hugePageSize, native, segmentsOf } from '../helpers/mapping.ts'

const skip = process.getuid?.() !== 0 && 'needs root'

/** Without a promise of pages, so that no pool is needed. */
const request = { bytes: 4 * hugePageSize, pageSize: hugePageSize, noreserve: true }

/** Of a size that only this process has: test/native/memory.ts runs the same beside it. */
const ownPages = (number: number): number => 32 * (process.pid % 1000) + number

t.test('a segment is marked for removal and goes with the mapping', { skip }, async (t) => {
  const pages = ownPages(7)
  const bytes = pages * hugePageSize
  const mapping = await native.attachSegment({ ...request, bytes })
  t.equal(mapping.pages, pages)
  // 01000 is SHM_DEST of include/uapi/linux/shm.h.
  t.strictSame(segmentsOf(bytes), ['1600 1'])
  await Promise.all([mapping.unmap(), mapping.unmap()])
  t.strictSame(segmentsOf(bytes), [])
})

t.test('a segment is removed by its number', { skip }, async (t) => {
  for (const id of [undefined, '1', 0.5, 2 ** 31, 1n])
    t.throws(() => Reflect.apply(native.removeSegment, undefined, [id]), TypeError)
  const gone = { code: 'EINVAL', syscall: 'shmctl' }
  t.throws(() => native.removeSegment(2 ** 31 - 1), gone)
  const made = spawnSync('ipcmk', ['-M', '4096'], { encoding: 'utf8' })
  const id = Number(/\d+/.exec(made.stdout)?.[0])
  native.removeSegment(id)
  t.throws(() => native.removeSegment(id), gone)
})

t.test('several at once', { skip }, async (t) => {
  const bytes = ownPages(11) * hugePageSize
  const mappings = await Promise.all(
    Array.from({ length: 8 }, () => native.attachSegment({ ...request, bytes })),
  )
  t.strictSame(new Set(segmentsOf(bytes)), new Set(['1600 1']))
  for (const mapping of mappings) await mapping.unmap()
  t.strictSame(segmentsOf(bytes), [])
})

t.test('a page size that the kernel does not have', { skip }, async (t) => {
  const none = { bytes: 2 ** 40, pageSize: 2 ** 40, noreserve: true }
  await t.rejects(native.attachSegment(none), {
    message: 'EINVAL: invalid argument, shmget',
    errno: -22,
    code: 'EINVAL',
    syscall: 'shmget',
  })
})

/** Before 5.18 whoever may lock as much memory was let in. */
const [major = 0, minor = 0] = release().split('.').map(Number)
const lenient = major * 1000 + minor < 5018 && 'Linux before 5.18 goes by RLIMIT_MEMLOCK as well'

t.test('without privilege it is EPERM', { skip: skip || lenient }, async (t) => {
  const groups = process.getgroups?.() ?? []
  process.setgroups?.([])
  process.setegid?.(65534)
  process.seteuid?.(65534)
  t.teardown(() => {
    process.seteuid?.(0)
    process.setegid?.(0)
    process.setgroups?.(groups)
  })
  await t.rejects(native.attachSegment(request), { code: 'EPERM', syscall: 'shmget' })
})
