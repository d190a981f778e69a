import t from 'tap'
import { readCgroupPages } from '../../../src/kernel/telemetry/cgroup-pages.ts'
import { cgroupsOn } from '../../helpers/fake-cgroups.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { G, M } from '../../helpers/sizes.ts'

const size = 2n * M

t.test('of the second version, whose root counts nothing', async (t) => {
  const kernel = fakeKernel()
  cgroupsOn(kernel, {
    '/cgroup.subtree_control': 'cpu hugetlb\n',
    '/a/hugetlb.2MB.current': '4194304\n',
    '/a/hugetlb.2MB.max': '8388608\n',
    '/a/hugetlb.2MB.rsvd.current': '6291456\n',
    '/a/hugetlb.2MB.rsvd.max': '10485760\n',
    '/a/hugetlb.2MB.events.local': 'max 3\n',
    '/a/hugetlb.1GB.current': '0\n',
    '/a/hugetlb.1GB.max': 'max\n',
    '/b/cgroup.procs': '',
  })
  t.strictSame(readCgroupPages(kernel, [size, G]), [
    {
      group: '/a',
      size,
      usage: 4n * M,
      limit: 8n * M,
      reserved: 6n * M,
      reservedLimit: 10n * M,
      failures: 3n,
    },
    { group: '/a', size: G, usage: 0n, failures: 0n },
  ])
})

t.test('of the first version', async (t) => {
  const kernel = fakeKernel()
  const top = '/sys/fs/cgroup/hugetlb'
  kernel.extra.set('/proc/self/mountinfo', `30 25 0:26 / ${top} rw - cgroup cgroup rw,hugetlb\n`)
  kernel.extra.set('/proc/self/cgroup', '4:hugetlb:/\n')
  const files = { usage: '2097152', limit: '9223372036852678656' }
  kernel.extra.set(`${top}/hugetlb.2MB.usage_in_bytes`, `${files.usage}\n`)
  kernel.extra.set(`${top}/hugetlb.2MB.limit_in_bytes`, `${files.limit}\n`)
  kernel.extra.set(`${top}/hugetlb.2MB.failcnt`, '5\n')
  t.strictSame(readCgroupPages(kernel, [size]), [{ group: '/', size, usage: 2n * M, failures: 5n }])
})

t.test('a group that goes away meanwhile is left out', async (t) => {
  const kernel = fakeKernel()
  cgroupsOn(kernel, {
    '/cgroup.subtree_control': 'hugetlb\n',
    '/a/hugetlb.2MB.current': '1\n',
    '/b/hugetlb.2MB.current': '2\n',
  })
  kernel.failRead('/sys/fs/cgroup/a/hugetlb.2MB.current', 'ENODEV')
  t.strictSame(
    readCgroupPages(kernel, [size]).map(({ group }) => group),
    ['/b'],
  )
})
