import t from 'tap'
import {
  askForLease,
  endLease,
  isAlone,
} from '../../../../src/kernel/processes/files/file-lease.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'

const refusing = (errno: 'EAGAIN' | 'EINVAL' | 'EACCES' | 'ENOSYS', call = 'fcntl') =>
  nativeWith({
    setLease: () => {
      throw systemError(errno, call)
    },
  })

t.test('what a lease tells', async (t) => {
  const asked: (readonly [number, number])[] = []
  const native = nativeWith({
    setLease: (descriptor, kind) => {
      asked.push([descriptor, kind])
    },
  })
  t.equal(askForLease(native, 7), 'free')
  endLease(native, 7)
  t.strictSame(asked, [
    [7, 1],
    [7, 2],
  ])
  t.equal(askForLease(refusing('EAGAIN'), 7), 'used')
  t.equal(askForLease(refusing('EACCES'), 7), 'CAP_LEASE')
  for (const errno of ['EINVAL', 'ENOSYS'] as const)
    t.equal(askForLease(refusing(errno), 7), 'none', errno)
  t.equal(askForLease(refusing('EAGAIN', 'fcntl(F_SETSIG)'), 7), 'none', 'of the signal')
})

t.test('what is no answer of the kernel is thrown', async (t) => {
  const native = nativeWith({
    setLease: () => {
      throw new TypeError('wrong')
    },
  })
  t.throws(() => askForLease(native, 7), TypeError)
})

t.test('who waits for the file breaks the lease', async (t) => {
  for (const [kind, alone] of [
    [1, true],
    [0, false],
    [2, false],
  ] as const)
    t.equal(isAlone(nativeWith({ getLease: () => kind }), 7), alone)
})
