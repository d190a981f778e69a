import t from 'tap'
import {
  readAllFullCgroups,
  readFullCgroupsOf,
} from '../../../src/kernel/processes/full-cgroups.ts'
import { type FakeKernel, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { M } from '../../helpers/sizes.ts'

const size = 2n * M

const kernelWith = (files: Readonly<Record<string, string>>): FakeKernel => {
  const kernel = fakeKernel()
  for (const [path, text] of Object.entries(files)) kernel.extra.set(path, text)
  return kernel
}

/** The files of a limit in the directory of a group of the second version. */
const limit = (directory: string, max: bigint | 'max', current: bigint, name = '2MB') => ({
  [`${directory}/hugetlb.${name}.max`]: `${max}\n`,
  [`${directory}/hugetlb.${name}.current`]: `${current}\n`,
})

const root = '/sys/fs/cgroup'
const passesOn = (directory: string) => ({
  [`${directory}/cgroup.subtree_control`]: 'cpu hugetlb memory\n',
})

t.test('every group whose limit is reached, whoever is in it', async (t) => {
  const kernel = kernelWith({
    '/proc/self/cgroup': '0::/a\n',
    ...passesOn(root),
    ...limit(`${root}/a`, 8n * M, 2n * M),
    ...passesOn(`${root}/b.slice`),
    ...limit(`${root}/b.slice`, 'max', 6n * M),
    ...limit(`${root}/b.slice/x.service`, 5n * M, 4n * M),
    [`${root}/b.slice/y/hugetlb.2MB.rsvd.max`]: '4194304\n',
    [`${root}/b.slice/y/hugetlb.2MB.rsvd.current`]: '4194304\n',
    ...limit(`${root}/b.slice/y`, 4n * M, 2n * M),
    ...limit(`${root}/c`, 1024n * M, 1024n * M, '1GB'),
    [`${root}/c/memory.max`]: 'max\n',
  })
  t.strictSame(readAllFullCgroups(kernel, [size, 1024n * M]), [
    {
      size,
      pages: [
        {
          group: '/b.slice/x.service',
          file: 'hugetlb.2MB.max',
          path: '/sys/fs/cgroup/b.slice/x.service/hugetlb.2MB.max',
          max: 5n * M,
          current: 4n * M,
        },
      ],
      reserved: [
        {
          group: '/b.slice/y',
          file: 'hugetlb.2MB.rsvd.max',
          path: '/sys/fs/cgroup/b.slice/y/hugetlb.2MB.rsvd.max',
          max: 4n * M,
          current: 4n * M,
        },
      ],
    },
    {
      size: 1024n * M,
      pages: [
        {
          group: '/c',
          file: 'hugetlb.1GB.max',
          path: '/sys/fs/cgroup/c/hugetlb.1GB.max',
          max: 1024n * M,
          current: 1024n * M,
        },
      ],
      reserved: [],
    },
  ])
  t.strictSame(readAllFullCgroups(kernel, []), [])
})

t.test('groups that allow none and have none count where this process is in one', async (t) => {
  const kernel = kernelWith({
    '/proc/self/cgroup': '0::/pods/own\n',
    ...passesOn(root),
    ...passesOn(`${root}/pods`),
    ...limit(`${root}/pods/own`, 0n, 0n),
    ...limit(`${root}/pods/other`, 0n, 0n),
  })
  t.strictSame(readAllFullCgroups(kernel, [size]), [
    {
      size,
      pages: [
        {
          group: '/pods/own',
          file: 'hugetlb.2MB.max',
          path: '/sys/fs/cgroup/pods/own/hugetlb.2MB.max',
          max: 0n,
          current: 0n,
        },
      ],
      reserved: [],
    },
  ])
})

t.test('groups of which none below has the controller are not gone through', async (t) => {
  const files = {
    '/proc/self/cgroup': '0::/\n',
    ...limit(`${root}/a`, 2n * M, 2n * M),
    [`${root}/cgroup.subtree_control`]: 'cpu memory\n',
  }
  t.strictSame(readAllFullCgroups(kernelWith(files), [size]), [{ size, pages: [], reserved: [] }])
  const { [`${root}/cgroup.subtree_control`]: _, ...without } = files
  t.strictSame(readAllFullCgroups(kernelWith(without), [size])[0]?.pages, [])
})

t.test('the first version, where the mount shows a part of the hierarchy', async (t) => {
  const kernel = kernelWith({
    '/proc/self/cgroup': '4:hugetlb:/pod/own\n',
    '/proc/self/mountinfo': '30 1 0:30 /pod /mnt/huge rw - cgroup cgroup rw,hugetlb\n',
    '/mnt/huge/tasks': '',
    '/mnt/huge/other/hugetlb.2MB.limit_in_bytes': '4194304\n',
    '/mnt/huge/other/hugetlb.2MB.usage_in_bytes': '4194304\n',
    '/mnt/huge/other/hugetlb.2MB.rsvd.limit_in_bytes': '4194304\n',
    '/mnt/huge/other/hugetlb.2MB.rsvd.usage_in_bytes': '2097152\n',
  })
  t.strictSame(readAllFullCgroups(kernel, [size]), [
    {
      size,
      pages: [
        {
          group: '/pod/other',
          file: 'hugetlb.2MB.limit_in_bytes',
          path: '/mnt/huge/other/hugetlb.2MB.limit_in_bytes',
          max: 4n * M,
          current: 4n * M,
        },
      ],
      reserved: [],
    },
  ])
})

t.test('a group that goes away meanwhile', async (t) => {
  const kernel = kernelWith({
    '/proc/self/cgroup': '0::/\n',
    ...passesOn(root),
    ...limit(`${root}/a`, 2n * M, 2n * M),
    ...limit(`${root}/b`, 2n * M, 2n * M),
  })
  kernel.failRead(`${root}/a/hugetlb.2MB.max`, 'ENODEV')
  t.strictSame(
    readAllFullCgroups(kernel, [size])[0]?.pages.map(({ group }) => group),
    ['/b'],
  )
  kernel.failRead(`${root}/a/hugetlb.2MB.max`, 'EMFILE')
  t.throws(() => readAllFullCgroups(kernel, [size]), { message: /too many files are open/ })
})

t.test('of one process, its group and those above it', async (t) => {
  const kernel = kernelWith({
    '/proc/self/cgroup': '0::/\n',
    '/proc/42/cgroup': '0::/a/b\n',
    ...limit(`${root}/a`, 0n, 0n),
    ...limit(`${root}/a/b`, 'max', 0n),
    ...limit(`${root}/c`, 2n * M, 2n * M),
  })
  t.strictSame(readFullCgroupsOf(kernel, size, 42), {
    size,
    pages: [
      {
        group: '/a',
        file: 'hugetlb.2MB.max',
        path: '/sys/fs/cgroup/a/hugetlb.2MB.max',
        max: 0n,
        current: 0n,
      },
    ],
    reserved: [],
  })
  t.strictSame(readFullCgroupsOf(kernel, size).pages, [])
})
