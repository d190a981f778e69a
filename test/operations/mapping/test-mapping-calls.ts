import t from 'tap'
import { type FakeKernel, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { type FakeMapper, fakeMapper } from '../../helpers/fake-mapper.ts'
import { onFake } from '../../helpers/on-fake.ts'
import { M } from '../../helpers/sizes.ts'
import { testOnFake, twoNodes } from '../../helpers/test-on-fake.ts'

/** As the addon and node:fs throw them. */
const failing = (code: string, syscall: string): Error =>
  Object.assign(new Error(`${code}: ${syscall}`), { code, syscall })

const onPlain = async (line: string, prepare: (mapper: FakeMapper, kernel: FakeKernel) => void) => {
  const kernel = fakeKernel(twoNodes)
  const mapper = fakeMapper(kernel)
  const before = kernel.snapshot()
  prepare(mapper, kernel)
  const result = await onFake(kernel, `test ${line}`, { mapper })
  t.strictSame(kernel.snapshot(), before, 'everything came back')
  t.equal(mapper.open.size + mapper.mapped.size, 0)
  return result
}

t.test('threads that cannot be set up', async (t) => {
  for (const [code, syscall, status, words] of [
    [
      'EAGAIN',
      'pthread_create',
      1,
      /pthread_create: no further .*\nhint: 'ulimit -u', 'ulimit -v', 'ulimit -d' and pids.max .* fewer --threads/,
    ],
    ['EINVAL', 'sched_setaffinity', 4, /sched_setaffinity: .* these CPUs .* cpuset/],
    ['EINVAL', 'set_mempolicy', 4, /set_mempolicy: .* these nodes .* cpuset/],
    ['EPERM', 'set_mempolicy', 3, /set_mempolicy: .*\nhint: .*seccomp/],
    ['EIO', 'madvise', 1, /madvise: input/],
  ] as const) {
    const { stderr, ...result } = await onPlain('2M=4', (mapper) => {
      mapper.unable = { call: 'touch', error: failing(code, syscall) }
    })
    t.equal(result.status, status, syscall)
    t.match(stderr, words)
  }
})

t.test('the call that failed is the one that is named', async (t) => {
  for (const syscall of ['shmctl', 'socketpair'] as const) {
    const { stderr, status } = await onPlain('2M=1 --via shm', (mapper) => {
      mapper.refusal = { errno: 'ENOMEM', syscall }
    })
    t.equal(status, 1)
    t.match(stderr, `hugepool: ${syscall}: `)
  }
  const space = await testOnFake('2M=1 --via shm', (_, mapper) => {
    mapper.refusal = { errno: 'ENOMEM', syscall: 'shmat' }
    return undefined
  })
  t.equal(space.status, 1)
  t.match(space.stderr, 'cannot be mapped (ENOMEM): no room for 2M in the address space\nhint: ')
  const old = await onPlain('2M=1 --via memfd', (mapper) => {
    mapper.unable = { call: 'memfd', error: failing('ENOSYS', 'memfd_create') }
  })
  t.hasStrict(
    { ...old },
    { status: 4, stderr: 'hugepool: memfd_create: this kernel does not have it (ENOSYS)\n' },
  )
})

t.test('a sandbox that hides where pages lie', async (t) => {
  const { status, stderr, said } = await testOnFake('2M=2', (_, mapper) => {
    mapper.unable = { call: 'nodes', error: failing('EPERM', 'move_pages') }
    return undefined
  })
  t.equal(status, 0)
  t.match(stderr, 'the kernel does not tell on which nodes the pages lie (move_pages)')
  t.equal(said[2], '2 pages faulted in')
})

t.test('a read-only mount is named as that', async (t) => {
  const { stderr, status } = await onPlain('2M=1 --path /mnt/huge/file', (mapper) => {
    mapper.existing.set('/mnt/huge/file', { pageSize: 2n * M, bytes: 2n * M })
    mapper.openExisting = () => {
      throw failing('EROFS', 'open')
    }
  })
  t.equal(status, 3)
  t.match(stderr, 'hugepool: /mnt/huge/file: its mount is read-only (EROFS)\n')
  t.notMatch(stderr, '/sys')
})

t.test('a device that is none, or cannot be mapped, is named', async (t) => {
  const absent = await onPlain('2M=1 --path /dev/buffer', (mapper) => {
    mapper.openExisting = () => {
      throw failing('ENXIO', 'open')
    }
  })
  const words = '/dev/buffer: there is no device behind it (ENXIO)'
  t.hasStrict({ ...absent }, { status: 4, stderr: `hugepool: ${words}\n` })
  const strange = await onPlain('2M=1 --path /dev/buffer', (mapper) => {
    mapper.existing.set('/dev/buffer', { bytes: 0n })
    mapper.refusal = { errno: 'ENODEV', syscall: 'mmap' }
  })
  t.hasStrict(
    { ...strange },
    { status: 4, stderr: 'hugepool: mmap: /dev/buffer cannot be mapped (ENODEV)\n' },
  )
})

t.test('what a driver refuses is its refusal', async (t) => {
  for (const errno of ['EINVAL', 'ENXIO'] as const) {
    const refused = (line: string) =>
      onPlain(line, (mapper) => {
        mapper.existing.set('/dev/buffer', { bytes: 0n })
        mapper.refusal = { errno, syscall: 'mmap' }
      })
    const words = `the driver of /dev/buffer refuses to map 3 pages of 2M (${errno})`
    const hint = 'the memory of the device may be shorter, or have pages of another size'
    t.hasStrict(
      { ...(await refused('2M=3 --path /dev/buffer')) },
      { status: 4, stderr: `hugepool: mmap: ${words}\nhint: ${hint}\n` },
    )
    t.notMatch((await refused('2M=3')).stderr, 'driver', 'there is none for others')
  }
})

t.test('somebody kills the process that makes a segment', async (t) => {
  const { status, stderr } = await onPlain('2M=1 --via shm', (mapper) => {
    mapper.refusal = { errno: 'ESRCH', syscall: 'shmget' }
  })
  t.equal(status, 1)
  t.match(stderr, 'hugepool: shmget: the process that was to make the segment was killed\n')
})

t.test('what --path cannot map is a wrong word, as a missing file is', async (t) => {
  const { stderr, status } = await onPlain('2M=1 --path /etc', (mapper) => {
    mapper.openExisting = () => undefined
  })
  t.equal(status, 2)
  t.match(stderr, '/etc: neither a file on hugetlbfs nor a character device')
})
