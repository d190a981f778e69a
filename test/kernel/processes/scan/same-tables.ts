import t from 'tap'
import { newScan } from '../../../../src/kernel/processes/scan/new-scan.ts'
import { haveSame } from '../../../../src/kernel/processes/scan/same-tables.ts'
import { fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'

/** A scan without the addon, or with a kernel that answers so. */
const scanWith = (kcmp?: (one: number, other: number, type: number) => number) => ({
  ...newScan(fakeKernel(), undefined),
  ...(kcmp === undefined ? {} : { native: nativeWith({ kcmp }) }),
})

t.test('the kernel is asked by the numbers that it has for tables', async (t) => {
  const asked: unknown[] = []
  const scan = scanWith((...words) => {
    asked.push(words)
    return 0
  })
  for (const what of ['memory', 'descriptors', 'directories'] as const)
    t.equal(haveSame(scan, what, '7', '8'), true)
  // KCMP_VM, KCMP_FILES and KCMP_FS of include/uapi/linux/kcmp.h.
  t.strictSame(asked, [
    [7, 8, 1],
    [7, 8, 2],
    [7, 8, 3],
  ])
})

t.test('1 and 2 are the order of tables that differ, and 3 is no order but differs', async (t) => {
  for (const order of [1, 2, 3])
    t.equal(
      haveSame(
        scanWith(() => order),
        'memory',
        '7',
        '8',
      ),
      false,
    )
})

t.test('nothing is known of tasks that are gone or closed, and without the addon', async (t) => {
  for (const code of ['ENOSYS', 'ESRCH', 'EPERM'] as const)
    t.equal(
      haveSame(
        scanWith(() => {
          throw systemError(code, 'kcmp')
        }),
        'memory',
        '7',
        '8',
      ),
      undefined,
      code,
    )
  t.equal(haveSame(scanWith(), 'memory', '7', '8'), undefined)
})
