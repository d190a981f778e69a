import t from 'tap'
import { mayHaveHuge, sizesIn } from '../../../../src/kernel/processes/scan/process-sizes.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { G, M } from '../../../helpers/sizes.ts'

const sizesOf = (...status: readonly string[]) =>
  sizesIn(Buffer.from(lines('Name:\tzoo', ...status)))

t.test('a status with all lines', async (t) => {
  t.strictSame(
    sizesOf(
      'State:\tS (sleeping)',
      'VmSize:\t   1234 kB',
      'HugetlbPages:\t    4096 kB',
      'Threads:\t9807654321',
      'SigQ:\t0/99',
    ),
    { hugeBytes: 4n * M, space: 1234, threads: 9807654321, lacksLeader: false },
  )
})

t.test('a status without memory', async (t) => {
  const none = { hugeBytes: 0n, space: 0, threads: 0, lacksLeader: false }
  t.strictSame(sizesOf(), none)
  t.strictSame(sizesIn(Buffer.alloc(0)), none)
  t.strictSame(sizesOf('VmSize:\t x', 'HugetlbPages:\t', 'Threads:\t-1'), none)
  t.strictSame(sizesOf('xVmSize:\t1 kB', 'VmSize: 2 kB'), none)
  t.strictSame(sizesIn(Buffer.from('VmSize:\t1 kB\nThreads:\t5')), { ...none, threads: 5 })
  t.strictSame(sizesIn(Buffer.from('\nVmSize:\t1 kB\nThreads:\t5')), {
    ...none,
    space: 1,
    threads: 5,
  })
})

t.test('a process whose first thread has ended', async (t) => {
  const lacks = (...status: readonly string[]) => sizesOf(...status).lacksLeader
  t.ok(lacks('State:\tZ (zombie)', 'Threads:\t2'))
  t.ok(sizesIn(Buffer.from('\nState:\tZ\nThreads:\t2\n')).lacksLeader)
  t.notOk(lacks('State:\tZ (zombie)', 'Threads:\t1'))
  t.notOk(lacks('State:\tS (sleeping)', 'Threads:\t2'))
  t.notOk(lacks('Threads:\t2'))
  t.notOk(sizesIn(Buffer.from('1234567Z\nThreads:\t2\n')).lacksLeader)
  t.notOk(sizesIn(Buffer.from('123456Z\nThreads:\t2\n')).lacksLeader)
})

t.test('who can have huge pages', async (t) => {
  const none = { hugeBytes: 0n, space: 1024, threads: 2, lacksLeader: false }
  t.notOk(mayHaveHuge(none))
  t.ok(mayHaveHuge({ ...none, hugeBytes: 1n }))
  t.ok(mayHaveHuge({ ...none, lacksLeader: true }))
  const sharing = Number(G) / 1024
  t.ok(mayHaveHuge({ ...none, space: sharing }))
  t.notOk(mayHaveHuge({ ...none, space: sharing - 1 }))
})
