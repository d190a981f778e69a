import t from 'tap'
import type { FakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { M } from '../../helpers/sizes.ts'
import { refusedOnFake, testOnFake } from '../../helpers/test-on-fake.ts'

const mount =
  '60 29 0:50 / /mnt/huge rw,relatime - hugetlbfs none rw,pagesize=2M,min_size=4194304\n'
const segments =
  '       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime                   rss                  swap\n' +
  '         0          5  1600               8388608   700   700      0    26     0    26     0          0          0          0               8388608                     0\n'

/** A mount, a segment that nobody has attached, and two processes, of which one is of the test. */
const held = (kernel: FakeKernel): undefined => {
  kernel.map(2n * M, 8n).touch(8n)
  kernel.extra.set('/proc/self/mountinfo', mount)
  kernel.extra.set('/proc/sysvipc/shm', segments)
  kernel.extra.set('/proc/77/status', 'Name:\tqemu\nPPid:\t1\nHugetlbPages:\t    4096 kB\n')
  kernel.extra.set('/proc/78/status', 'Name:\tfake\nPPid:\t4242\nHugetlbPages:\t    4096 kB\n')
  return undefined
}

const holders = [
  '2M: SysV segment 5 of user 26 has 4 pages, if its pages are huge, nobody attached',
  '2M: process 77 (qemu) has 2 pages mapped',
  '2M: the minimum size of /mnt/huge has 2 pages reserved',
  '2M: the files on /mnt/huge could not be looked at',
  "/mnt/huge: the minimum size stays reserved until it is unmounted: 'hugepool umount /mnt/huge --dry-run' tells what would go with it; mounted again without --min-size it reserves nothing",
]

t.test('where pages are missing it is said who has them', async (t) => {
  const makesRoom = "'hugepool resize 2M=+2' makes room"
  for (const line of ['2M=4', '2M=4 --noreserve']) {
    const { document } = await testOnFake(line, held)
    t.strictSame(document.advice?.[0], makesRoom, line)
    t.strictSame(document.advice?.slice(2), holders, line)
  }
  const bound = await testOnFake('2M=1:3', held)
  t.strictSame(bound.document.advice, ["'hugepool resize 2M=1:+1' makes room there", ...holders])
})

t.test('where nothing is left for max, too', async (t) => {
  const { status, stderr } = await refusedOnFake('2M=max', (kernel) => {
    held(kernel)
    kernel.map(2n * M, 2n)
    return undefined
  })
  t.equal(status, 1)
  t.equal(
    stderr,
    [
      'hugepool: 2M: no page is available',
      "hint: 'hugepool resize 2M=+1' makes room",
      ...holders.map((words) => `hint: ${words}`),
      '',
    ].join('\n'),
  )
})

t.test('where something else is in the way, holders are no help', async (t) => {
  for (const line of ['2M=2', '2M=2 --noreserve']) {
    const { document } = await testOnFake(line, (kernel, mapper) => {
      held(kernel)
      mapper.failing = { page: 1, errno: 'EHWPOISON' }
      return undefined
    })
    t.equal(document.failure?.errno, 'EHWPOISON')
    t.equal(document.advice?.length, 1, line)
  }
  const { document } = await testOnFake('2M=2 --via memfd', (kernel, mapper) => {
    held(kernel)
    mapper.truncatedTo = 2n * M
    return undefined
  })
  t.equal(document.failure?.errno, 'SIGBUS')
  t.equal(document.advice, undefined)
})
