import t from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import { enterCgroup } from '../../../src/kernel/processes/enter-cgroup.ts'
import { cgroupsOn } from '../../helpers/fake-cgroups.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'

const second = '30 25 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n'
const first = '31 25 0:27 / /sys/fs/cgroup/hugetlb rw - cgroup cgroup rw,hugetlb\n'
const other = '32 25 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n'
const below = '33 25 0:26 /pod/one /cg rw - cgroup2 cgroup2 rw\n'

/** What is written where to enter a group. */
const written = (mountinfo: string, path: string): readonly string[] => {
  const kernel = fakeKernel()
  kernel.extra.set('/proc/self/mountinfo', mountinfo)
  const all: string[] = []
  kernel.write = (file, value) => void all.push(`${file}=${value}`)
  enterCgroup(kernel, path)
  return all
}

t.test('a group by its path in the hierarchy, or by its directory', async (t) => {
  const inSecond = '/sys/fs/cgroup/unified/a/b/cgroup.procs=0'
  t.strictSame(written(second, '/a/b'), [inSecond])
  t.strictSame(written(second, '/a//b/'), [inSecond])
  t.strictSame(written(second, '/sys/fs/cgroup/unified/a/b'), [inSecond])
  t.strictSame(written(second, '/'), ['/sys/fs/cgroup/unified/cgroup.procs=0'])
  t.strictSame(written(second, '/sys/fs/cgroup/unified'), ['/sys/fs/cgroup/unified/cgroup.procs=0'])
})

t.test('the first version where it has the controller', async (t) => {
  const inFirst = '/sys/fs/cgroup/hugetlb/a/cgroup.procs=0'
  t.strictSame(written(second + other + first, '/a'), [inFirst])
  t.strictSame(written(other + second, '/a'), ['/sys/fs/cgroup/unified/a/cgroup.procs=0'])
  t.strictSame(
    written(second + first, '/sys/fs/cgroup/unified/a'),
    ['/sys/fs/cgroup/unified/a/cgroup.procs=0'],
    'a directory says which',
  )
})

t.test('where a part of the hierarchy is mounted', async (t) => {
  t.strictSame(written(below, '/pod/one/a'), ['/cg/a/cgroup.procs=0'])
  t.strictSame(written(below, '/pod/one'), ['/cg/cgroup.procs=0'])
  t.throws(() => written(below, '/pod/two'), {
    code: 'E_USAGE',
    reason: 'no-file',
    message: 'the cgroup /pod/two: cannot be seen from here',
  })
})

t.test('without such a hierarchy', async (t) => {
  for (const mountinfo of ['', other])
    t.throws(() => written(mountinfo, '/a'), {
      code: 'E_UNSUPPORTED',
      reason: 'no-feature',
      message: 'no hierarchy of cgroups is mounted that can limit huge pages',
    })
})

const noGroup = 'there is no such cgroup'
const denied =
  'not allowed to enter it: that takes writing to cgroup.procs there, and of the group above it and this one'

const refusals = [
  ['ENOENT', 'E_USAGE', 'no-file', noGroup, /systemctl show/],
  ['ENOTDIR', 'E_USAGE', 'no-file', noGroup, undefined],
  ['ENODEV', 'E_USAGE', 'no-file', 'it is being removed just now (ENODEV)', undefined],
  ['EACCES', 'E_PERMISSION', 'not-root', denied, /^run it as root$/],
  ['EPERM', 'E_PERMISSION', 'not-root', denied, /^run it as root$/],
  [
    'EBUSY',
    'E_KERNEL',
    'busy',
    'it has controllers for the groups below it, so that it may have no processes itself (EBUSY)',
    /^name a group below it: its limits count there too$/,
  ],
  [
    'ENOTSUP',
    'E_UNSUPPORTED',
    'wrong-file',
    'a threaded group takes threads, but no process (EOPNOTSUPP)',
    /'domain threaded'$/,
  ],
  ['ENOSPC', 'E_KERNEL', 'cpuset', 'its cpuset has no CPUs or no nodes yet (ENOSPC)', undefined],
] as const

const errorOf = (work: () => void): HugepoolError => {
  try {
    work()
  } catch (error) {
    if (error instanceof HugepoolError) return error
  }
  throw new Error('it was to throw an error of hugepool')
}

t.test('what the kernel refuses', async (t) => {
  for (const [errno, code, reason, words, hint] of refusals) {
    const kernel = fakeKernel()
    cgroupsOn(kernel)
    kernel.write = () => {
      throw Object.assign(new Error(errno), { code: errno, syscall: 'write' })
    }
    const { code: met, reason: why, message, hint: help } = errorOf(() => enterCgroup(kernel, '/a'))
    t.strictSame(
      { met, why, message },
      { met: code, why: reason, message: `the cgroup /a: ${words}` },
    )
    if (hint === undefined) t.equal(help, undefined, errno)
    else t.match(help ?? '', hint, errno)
  }
})
