import t from 'tap'
import { readSegmentsThere } from '../../../src/kernel/processes/segment-count.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'

t.test('the segments that are there, in base pages', async (t) => {
  const kernel = fakeKernel()
  t.equal(readSegmentsThere(kernel, 4096n), undefined)
  kernel.extra.set('/proc/sysvipc/shm', 'key shmid perms size\n0 1 600 4097\n-5 2 600 4096\n')
  t.strictSame(readSegmentsThere(kernel, 4096n), { segments: 2n, basePages: 3n })
})
