import t from 'tap'
import { readProcessLimits } from '../../../src/kernel/processes/read-process-limits.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'

t.test('the soft limits of a process', async (t) => {
  const kernel = fakeKernel()
  t.strictSame(readProcessLimits(kernel), {})
  kernel.extra.set(
    '/proc/7/limits',
    [
      'Limit                     Soft Limit           Hard Limit           Units',
      'Max file size             4096                 unlimited            bytes',
      'Max data size             unlimited            unlimited            bytes',
      'Max locked memory         8388608              8388608              bytes',
      'Max address space         1073741824           unlimited            bytes',
    ].join('\n'),
  )
  t.strictSame(readProcessLimits(kernel, '7'), {
    addressSpace: 1073741824n,
    dataSize: 'unlimited',
    fileSize: 4096n,
    memlock: 8388608n,
  })
})
