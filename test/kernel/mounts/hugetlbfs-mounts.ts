import t from 'tap'
import { readMountPoints } from '../../../src/kernel/mounts/hugetlbfs-mounts.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { lines } from '../../helpers/on-fake.ts'

t.test('the directories on which a hugetlbfs can be reached', async (t) => {
  const kernel = fakeKernel()
  kernel.extra.set(
    '/proc/self/mountinfo',
    lines(
      '20 1 0:20 / / rw - ext4 /dev/vda rw',
      '30 20 0:30 / /dev/hugepages rw - hugetlbfs none rw,pagesize=2M',
      '31 20 0:31 / /mnt/hidden rw - hugetlbfs none rw,pagesize=2M',
      '32 31 0:32 / /mnt/hidden rw - tmpfs none rw',
    ),
  )
  t.strictSame(readMountPoints(kernel), ['/dev/hugepages'])
})
