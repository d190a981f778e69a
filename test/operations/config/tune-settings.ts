import t from 'tap'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { lines, onFake, signalDuringWrite } from '../../helpers/on-fake.ts'
import { G } from '../../helpers/sizes.ts'

const path = '/proc/sys/vm/hugetlb_shm_group'
const machine = () => fakeKernel({ nodes: [{ id: 0, memory: 4n * G }] })

t.test('who lacks the right writes nothing', async (t) => {
  for (const [mode, stderr] of [
    ['unprivileged', 'permission denied\nhint: run it as root\n'],
    [
      'readOnly',
      'read-only file system\nhint: this looks like a container: run hugepool on the host, or mount /sys and /proc/sys writable\n',
    ],
  ] as const) {
    const kernel = Object.assign(machine(), { [mode]: true })
    t.strictSame(
      await onFake(kernel, 'tune shm-group=7'),
      { status: 3, stdout: '', stderr: `hugepool: ${path}: ${stderr}` },
      mode,
    )
    t.strictSame(await onFake(kernel, 'tune shm-group=0'), {
      status: 0,
      stdout: lines(
        'KEY        BEFORE  REQUESTED  AFTER  OUTCOME',
        'shm-group       0          0      0  unchanged',
      ),
      stderr: '',
    })
    t.strictSame(kernel.writes, [])
  }
})

t.test('a signal ends it between two writes', async (t) => {
  const kernel = machine()
  const { status, stdout, stderr } = await onFake(
    kernel,
    'tune shm-group=7',
    signalDuringWrite(kernel, 0),
  )
  t.strictSame(
    [status, stdout],
    [
      'SIGINT',
      lines(
        'KEY        BEFORE  REQUESTED  AFTER  OUTCOME',
        'shm-group       0          7      0  partial',
      ),
    ],
  )
  t.equal(stderr, lines('hugepool: stopped by SIGINT', 'hugepool: shm-group: asked for 7, got 0'))
  t.strictSame(kernel.writes, [])
})

t.test('a file that cannot be read is an error where it is to be changed', async (t) => {
  const kernel = machine()
  kernel.failRead(path, 'EIO', 'always')
  t.strictSame(await onFake(kernel, 'tune shm-group=7'), {
    status: 1,
    stdout: '',
    stderr: `hugepool: ${path}: input/output error (EIO)\n`,
  })
})
