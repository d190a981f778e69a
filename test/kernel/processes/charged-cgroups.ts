import t from 'tap'
import {
  countingGroupOf,
  readCgroupCharges,
} from '../../../src/kernel/processes/charged-cgroups.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { M } from '../../helpers/sizes.ts'

const size = 2n * M

const kernelWith = (files: Readonly<Record<string, string>>) => {
  const kernel = fakeKernel()
  for (const [path, text] of Object.entries(files)) kernel.extra.set(path, text)
  return kernel
}

const root = '/sys/fs/cgroup'
const passesOn = (directory: string) => ({
  [`${directory}/cgroup.subtree_control`]: 'cpu hugetlb\n',
})
const counted = (directory: string, pages: bigint, file = 'hugetlb.2MB.current') => ({
  [`${directory}/${file}`]: `${pages * size}\n`,
})

t.test('what is counted against a group, without those below it', async (t) => {
  const kernel = kernelWith({
    '/proc/self/cgroup': '0::/a\n',
    ...passesOn(root),
    ...counted(`${root}/a`, 2n),
    ...passesOn(`${root}/b.slice`),
    ...counted(`${root}/b.slice`, 9n),
    ...counted(`${root}/b.slice/x.service`, 4n),
    ...counted(`${root}/b.slice/y`, 3n),
    ...counted(`${root}/c`, 0n),
    ...counted(`${root}/d`, 5n, 'hugetlb.1GB.current'),
  })
  t.strictSame(readCgroupCharges(kernel, size), [
    { size, group: '/a', bytes: 2n * size },
    { size, group: '/b.slice', bytes: 2n * size },
    { size, group: '/b.slice/x.service', bytes: 4n * size },
    { size, group: '/b.slice/y', bytes: 3n * size },
  ])
})

t.test('the first version counts for its root too, which is left out', async (t) => {
  const top = `${root}/hugetlb`
  const file = 'hugetlb.2MB.usage_in_bytes'
  const kernel = kernelWith({
    '/proc/self/cgroup': '4:hugetlb:/\n0::/\n',
    '/proc/7/cgroup': '4:hugetlb:/vm\n0::/other\n',
    '/proc/8/cgroup': '0::/other\n',
    ...counted(top, 6n, file),
    ...counted(`${top}/vm`, 4n, file),
  })
  t.strictSame(readCgroupCharges(kernel, size), [{ size, group: '/vm', bytes: 4n * size }])
  t.equal(countingGroupOf(kernel, 7), '/vm')
  t.equal(countingGroupOf(kernel, 8), '/other')
  t.equal(countingGroupOf(kernel, 9), undefined)
})
