import t from 'tap'
import { groupMounts, readCgroupLimits } from '../../../src/kernel/processes/hugetlb-cgroup.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { lines } from '../../helpers/on-fake.ts'
import { M } from '../../helpers/sizes.ts'

const kernelWith = (files: Readonly<Record<string, string>>) => {
  const kernel = fakeKernel()
  for (const [path, text] of Object.entries(files)) kernel.extra.set(path, text)
  return kernel
}

t.test('the own group and those above it', async (t) => {
  const kernel = kernelWith({
    '/proc/self/cgroup': '0::/a/b\n',
    '/sys/fs/cgroup/a/hugetlb.2MB.max': '8388608\n',
    '/sys/fs/cgroup/a/hugetlb.2MB.current': '2097152\n',
    '/sys/fs/cgroup/a/b/hugetlb.2MB.max': 'max\n',
    '/sys/fs/cgroup/a/b/hugetlb.2MB.current': '2097152\n',
    '/sys/fs/cgroup/a/b/hugetlb.2MB.rsvd.max': '4194304\n',
    '/sys/fs/cgroup/a/b/hugetlb.2MB.rsvd.current': '0\n',
    '/sys/fs/cgroup/a/b/hugetlb.1GB.max': '1073741824\n',
    '/sys/fs/cgroup/a/b/hugetlb.1GB.current': '0\n',
  })
  t.strictSame(readCgroupLimits(kernel, 2n * M), {
    pages: [
      {
        group: '/a',
        file: 'hugetlb.2MB.max',
        path: '/sys/fs/cgroup/a/hugetlb.2MB.max',
        max: 8n * M,
        current: 2n * M,
      },
    ],
    reserved: [
      {
        group: '/a/b',
        file: 'hugetlb.2MB.rsvd.max',
        path: '/sys/fs/cgroup/a/b/hugetlb.2MB.rsvd.max',
        max: 4n * M,
        current: 0n,
      },
    ],
    memory: [],
  })
  t.equal(readCgroupLimits(kernel, 1024n * M).pages[0]?.file, 'hugetlb.1GB.max')
  t.strictSame(readCgroupLimits(kernel, M / 16n).pages, [])
})

t.test('sizes as the files of a group are named', async (t) => {
  for (const [size, name] of [
    [M / 16n, '64KB'],
    [M / 2n, '512KB'],
    [M, '1MB'],
    [512n * M, '512MB'],
    [1024n * M, '1GB'],
    [16384n * M, '16GB'],
  ] as const) {
    const kernel = kernelWith({
      '/proc/self/cgroup': '0::/a\n',
      [`/sys/fs/cgroup/a/hugetlb.${name}.max`]: '4096\n',
      [`/sys/fs/cgroup/a/hugetlb.${name}.current`]: '0\n',
    })
    t.strictSame(
      readCgroupLimits(kernel, size).pages.map(({ file }) => file),
      [`hugetlb.${name}.max`],
    )
  }
})

t.test('the second version beside the first', async (t) => {
  const kernel = kernelWith({
    '/proc/self/cgroup': '3:memory:/other\n0::/a\n',
    '/sys/fs/cgroup/a/hugetlb.2MB.max': '8388608\n',
    '/sys/fs/cgroup/a/hugetlb.2MB.current': '0\n',
    '/sys/fs/cgroup/other/hugetlb.2MB.max': '4194304\n',
    '/sys/fs/cgroup/other/hugetlb.2MB.current': '0\n',
  })
  t.strictSame(readCgroupLimits(kernel, 2n * M).pages, [
    {
      group: '/a',
      file: 'hugetlb.2MB.max',
      path: '/sys/fs/cgroup/a/hugetlb.2MB.max',
      max: 8n * M,
      current: 0n,
    },
  ])
})

t.test('the first version, and no limit as kernels write it', async (t) => {
  const kernel = kernelWith({
    '/proc/self/cgroup': '4:cpu,hugetlb:/job\n3:memory:/other\n0::/\n',
    '/sys/fs/cgroup/hugetlb/job/hugetlb.2MB.limit_in_bytes': '4194304\n',
    '/sys/fs/cgroup/hugetlb/job/hugetlb.2MB.usage_in_bytes': '4194304\n',
    '/sys/fs/cgroup/hugetlb/job/hugetlb.2MB.rsvd.limit_in_bytes': '9223372036852678656\n',
    '/sys/fs/cgroup/hugetlb/job/hugetlb.2MB.rsvd.usage_in_bytes': '0\n',
  })
  t.strictSame(readCgroupLimits(kernel, 2n * M), {
    pages: [
      {
        group: '/job',
        file: 'hugetlb.2MB.limit_in_bytes',
        path: '/sys/fs/cgroup/hugetlb/job/hugetlb.2MB.limit_in_bytes',
        max: 4n * M,
        current: 4n * M,
      },
    ],
    reserved: [],
    memory: [],
  })
})

t.test('memory counts where the mount says so', async (t) => {
  const files = {
    '/proc/self/cgroup': '0::/a\n',
    '/sys/fs/cgroup/a/memory.max': '4194304\n',
    '/sys/fs/cgroup/a/memory.current': '4096\n',
  }
  const mounted = (options: string) =>
    kernelWith({
      ...files,
      '/proc/self/mountinfo': `30 25 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 ${options}\n`,
    })
  t.strictSame(readCgroupLimits(mounted('rw'), 2n * M).memory, [])
  t.strictSame(readCgroupLimits(mounted('rw,memory_hugetlb_accounting'), 2n * M).memory, [
    {
      group: '/a',
      file: 'memory.max',
      path: '/sys/fs/cgroup/a/memory.max',
      max: 4n * M,
      current: 4096n,
    },
  ])
})

t.test('other mounts have no groups, though the path of one is below them', async (t) => {
  const kernel = kernelWith({
    '/proc/self/cgroup': '0::/a\n',
    '/proc/self/mountinfo': lines(
      '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
      '24 22 0:22 / /proc rw,nosuid - proc proc rw',
      '30 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,memory_hugetlb_accounting',
    ),
    '/sys/fs/cgroup/a/hugetlb.2MB.max': '8388608\n',
    '/sys/fs/cgroup/a/hugetlb.2MB.current': '0\n',
  })
  t.strictSame(groupMounts(kernel), {
    second: { target: '/sys/fs/cgroup', root: '/', group: '/a' },
    first: undefined,
    hasMemory: true,
  })
  t.strictSame(
    readCgroupLimits(kernel, 2n * M).pages.map(({ path }) => path),
    ['/sys/fs/cgroup/a/hugetlb.2MB.max'],
  )
})

t.test('without cgroups', async (t) => {
  t.strictSame(readCgroupLimits(fakeKernel(), 2n * M), { pages: [], reserved: [], memory: [] })
})

t.test('in a cgroup namespace the own limits lie at the root of the mount', async (t) => {
  const limit = { 'hugetlb.2MB.max': '8388608\n', 'hugetlb.2MB.current': '0\n' }
  const at = (directory: string) =>
    Object.fromEntries(Object.entries(limit).map(([name, text]) => [`${directory}/${name}`, text]))
  const found = (cgroup: string, mountinfo: string, directory: string) =>
    readCgroupLimits(
      kernelWith({
        '/proc/self/cgroup': cgroup,
        '/proc/self/mountinfo': mountinfo,
        ...at(directory),
      }),
      2n * M,
    ).pages.map(({ group }) => group)
  const line = (root: string, target: string) => `30 25 0:26 ${root} ${target} rw - cgroup2 cg rw\n`
  t.strictSame(found('0::/\n', line('/', '/sys/fs/cgroup'), '/sys/fs/cgroup'), ['/'])
  t.strictSame(found('0::/a\n', line('/', '/cg'), '/cg/a'), ['/a'], 'wherever it is mounted')
  const hybrid = line('/', '/sys/fs/cgroup/unified')
  t.strictSame(found('0::/a/b\n', hybrid, '/sys/fs/cgroup/unified/a'), ['/a'])
  t.strictSame(
    found('0::/pod/one/x\n', line('/pod/one', '/sys/fs/cgroup'), '/sys/fs/cgroup/x'),
    ['/pod/one/x'],
    'a part of it is mounted',
  )
  t.strictSame(found('0::/pod/one\n', line('/pod/one', '/sys/fs/cgroup'), '/sys/fs/cgroup'), [
    '/pod/one',
  ])
  t.strictSame(found('0::/podium\n', line('/pod', '/cg'), '/cg/ium'), [], 'another group')
})

t.test('groups whose names are not ASCII', async (t) => {
  const kernel = kernelWith({
    '/proc/self/cgroup': '0::/größe/日本\n',
    '/proc/self/mountinfo': '30 25 0:26 /größe /sys/fs/cgroup rw - cgroup2 cg rw\n',
    '/sys/fs/cgroup/日本/hugetlb.2MB.max': '8388608\n',
    '/sys/fs/cgroup/日本/hugetlb.2MB.current': '0\n',
  })
  t.strictSame(readCgroupLimits(kernel, 2n * M).pages, [
    {
      group: '/größe/日本',
      file: 'hugetlb.2MB.max',
      path: '/sys/fs/cgroup/日本/hugetlb.2MB.max',
      max: 8n * M,
      current: 0n,
    },
  ])
})
