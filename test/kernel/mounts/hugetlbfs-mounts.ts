import t from 'tap'
import { readMountPoints, readMountTable } from '../../../src/kernel/mounts/hugetlbfs-mounts.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { lines } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

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

t.test('all of them, with what is bound and what is not understood', async (t) => {
  const kernel = fakeKernel()
  kernel.extra.set(
    '/proc/self/mountinfo',
    lines(
      '30 20 0:30 / /dev/hugepages rw - hugetlbfs none rw,pagesize=2M',
      '31 20 0:31 /db /mnt/bound rw,nosuid - hugetlbfs big rw,pagesize=1G,mode=9',
    ),
  )
  const owner = { uid: 0, gid: 0, hidden: false }
  t.strictSame(readMountTable(kernel), {
    mounts: [
      {
        ...owner,
        target: '/dev/hugepages',
        device: '0:30',
        source: 'none',
        pageSize: 2n * M,
        mode: '0755',
        options: 'rw,pagesize=2M',
      },
      {
        ...owner,
        target: '/mnt/bound',
        device: '0:31',
        source: 'big',
        bound: '/db',
        pageSize: G,
        options: 'rw,nosuid,pagesize=1G,mode=9',
        unclear: ['mode=9'],
      },
    ],
    unknown: [],
  })
})
