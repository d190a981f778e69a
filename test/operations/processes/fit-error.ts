import t from 'tap'
import { HugepoolError, throwAll } from '../../../src/errors.ts'
import { fitError } from '../../../src/operations/processes/fit-error.ts'
import { caught } from '../../helpers/caught.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { nativeOf } from '../../helpers/fake-native.ts'
import { parseExact } from '../../helpers/json.ts'

/** Root of a user namespace, which is user 1000 outside. */
const inNamespace = () => {
  const kernel = fakeKernel()
  kernel.extra.set('/proc/self/status', 'Uid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\n')
  kernel.extra.set('/proc/self/uid_map', '         0       1000          1\n')
  return kernel
}

const whose = "this root is not the machine's (it is user 1000 outside of its user namespace)"
const silent = { outIsTerminal: false, errIsTerminal: false, environment: {} }

t.test('a refused write says in words and JSON whose root this is', async (t) => {
  for (const words of ['resize 2M=99', 'overcommit 2M=99'])
    for (const set of ['unprivileged', 'readOnly'] as const) {
      const kernel = inNamespace()
      kernel[set] = true
      const { status, stdout, stderr } = await caught([...words.split(' '), '--json'], silent, {
        tree: kernel,
        native: nativeOf(kernel),
        self: kernel,
      })
      t.equal(status, 3)
      t.ok(stderr.split('\n')[1]?.startsWith(`hint: ${whose}; pools belong to the machine: `))
      const { error } = parseExact(stdout) as {
        error: { hint: string; hints: readonly string[]; reason: string }
      }
      t.ok(error.hint.startsWith(whose))
      t.strictSame(error.hints, [error.hint])
      t.equal(error.reason, set === 'readOnly' ? 'read-only' : 'user-namespace')
    }
})

t.test('an error after part of the work is told the same way', async (t) => {
  const kernel = inNamespace()
  kernel.failWrite('/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages', 'EPERM', 'always')
  const { stderr } = await caught(['resize', '1G=0', '2M=99'], silent, {
    tree: kernel,
    native: nativeOf(kernel),
    self: kernel,
  })
  t.match(stderr, `operation not permitted\nhint: ${whose}; pools belong`)
  t.notMatch(stderr, 'run it as root')
})

t.test('each of several errors has its own', async (t) => {
  const first = new HugepoolError(
    'E_PERMISSION',
    'not-root',
    '/etc/fstab: permission denied',
    'run it as root',
  )
  const second = new HugepoolError('E_REFUSED', 'wrong-file', '/mnt: not a directory')
  const third = new HugepoolError('E_REFUSED', 'occupied', '/mnt: not empty', '--over hides it')
  try {
    throwAll([first, second, third])
  } catch (thrown) {
    const fit = `${whose}; run it outside of the container`
    const { hint, details, code, reason } = fitError(thrown as HugepoolError, inNamespace())
    t.strictSame(
      [code, reason, hint],
      ['E_PERMISSION', 'user-namespace', `${fit}\n--over hides it`],
    )
    t.strictSame(details.reasons, [
      {
        code: 'E_PERMISSION',
        reason: 'user-namespace',
        message: first.message,
        hint: fit,
        hints: [fit],
      },
      { code: 'E_REFUSED', reason: 'wrong-file', message: second.message },
      {
        code: 'E_REFUSED',
        reason: 'occupied',
        message: third.message,
        hint: '--over hides it',
        hints: ['--over hides it'],
      },
    ])
  }
  t.plan(2)
})

t.test(
  'an error stays as it is where nothing can be seen; without a hint it gets none',
  async (t) => {
    const error = new HugepoolError('E_PERMISSION', 'not-root', '/etc/fstab: no', 'run it as root')
    t.equal(fitError(error, fakeKernel()), error)
    const bare = new HugepoolError('E_PERMISSION', 'not-root', '/etc/fstab: no')
    const { hint, reason } = fitError(bare, inNamespace())
    t.strictSame([hint, reason], [undefined, 'user-namespace'])
  },
)
