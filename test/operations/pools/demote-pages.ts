import t from 'tap'
import { type FakeKernelOptions, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import {
  cellsOf,
  global1G,
  global2M,
  lines,
  node1G,
  onFake,
  signalDuringWrite,
  totals,
  writesOf,
} from '../../helpers/on-fake.ts'
import { G } from '../../helpers/sizes.ts'

const heading = 'SIZE  TO  NODE  REQUESTED  DEMOTED  BEFORE  AFTER  GAINED  OUTCOME'

/** Two free 1G pages on node 0 and one on node 1. */
const machine = (release = '6.12', options: FakeKernelOptions = {}) =>
  fakeKernel({
    release,
    nodes: [
      { id: 0, memory: 4n * G },
      { id: 1, memory: 4n * G },
    ],
    pools: [{ size: G, persistent: { 0: 2n, 1: 1n } }],
    ...options,
  })

for (const release of ['6.1', '6.12', '6.19', '7.0'])
  t.test(`counts from both pools, on ${release}`, async (t) => {
    const kernel = machine(release)
    t.same(await onFake(kernel, 'demote 1G=2'), {
      status: 0,
      stdout: lines(heading, '1G    2M   all          2        2       3      1    1024  done'),
      stderr: '',
    })
    t.same(writesOf(kernel), ['1048576kB demote=2'], 'demote_size is right already')
    t.same(cellsOf(kernel, global2M), [1024, 1024, 0, 0])
    t.same(await onFake(kernel, 'demote 1G=5'), {
      status: 64,
      stdout: lines(heading, '1G    2M   all          5        1       1      0     512  partial'),
      stderr: 'hugepool: 1G: only 1 of 5 can be split: there is 1\n',
    })
    const writes = kernel.writes.length
    t.same(await onFake(kernel, 'demote 1G=1'), {
      status: 1,
      stdout: '',
      stderr: 'hugepool: no page of 1G can be split: there are none\n',
    })
    t.equal(kernel.writes.length, writes)
  })

t.test('memory, max and none', async (t) => {
  const at = async (line: string) => (await onFake(machine(), `${line} -nr`)).stdout
  t.equal(await at('demote 1G=2G'), '1G 2M all 2 2 3 1 1024 done\n')
  t.equal(await at('demote 1G=max'), '1G 2M all 3 3 3 0 1536 done\n')
  t.equal(await at('demote 1G=0'), '1G 2M all 0 0 3 3 0 unchanged\n')
})

t.test('none available: in use, reserved, on the node', async (t) => {
  const kernel = machine()
  const mapping = kernel.map(G, 3n)
  const why = async (line: string) => {
    const { status, stderr } = await onFake(kernel, line)
    t.equal(status, 1)
    return stderr.replace('hugepool: no page of 1G can be split: ', '')
  }
  t.equal(await why('demote 1G=1'), 'free pages: 3, reserved in the pool: 3\n')
  t.equal(await why('demote 1G=1:1'), 'free pages on node 1: 1, reserved in the pool: 3\n')
  mapping.touch(3n)
  t.equal(await why('demote 1G=3'), 'none of 3 is free\n')
  t.equal(await why('demote 1G=0:2'), 'none of 2 is free on node 0\n')
  t.same(kernel.writes, [])
})

const unsupported = lines(
  'hugepool: 1G pages cannot be split here',
  'hint: the kernel needs 5.16 or later, and a smaller page size to split into',
)

for (const release of ['5.10', '5.15'])
  t.test(`without demote, on ${release}`, async (t) => {
    const kernel = machine(release)
    t.same(await onFake(kernel, 'demote 1G=1'), { status: 4, stdout: '', stderr: unsupported })
    t.same(kernel.writes, [])
  })

t.test('the smallest size has none to split into', async (t) => {
  const { status, stderr } = await onFake(machine(), 'demote 2M=1')
  t.same({ status, stderr }, { status: 4, stderr: unsupported.replace('1G pages', '2M pages') })
})

t.test('several nodes', async (t) => {
  const kernel = machine()
  t.same(await onFake(kernel, 'demote 1G=0:1,1:1'), {
    status: 0,
    stdout: lines(
      heading,
      '1G    2M     0          1        1       2      1     512  done',
      '1G    2M     1          1        1       1      0     512  done',
    ),
    stderr: '',
  })
  t.same(totals(kernel), [512, 512])
  t.same(await onFake(kernel, 'demote 1G=5 --node 0-1'), {
    status: 64,
    stdout: lines(
      heading,
      '1G    2M     0          5        1       1      0     512  partial',
      '1G    2M     1          5        0       0      0       0  partial',
    ),
    stderr: lines(
      'hugepool: 1G on node 0: only 1 of 5 can be split: there is 1 on node 0',
      'hugepool: 1G on node 1: only 0 of 5 can be split: there are none on node 1',
    ),
  })
  t.same(writesOf(kernel), [
    'node0 1048576kB demote=1',
    'node1 1048576kB demote=1',
    'node0 1048576kB demote=1',
  ])
})

t.test('what is known to be missing is said before anything is split, and why', async (t) => {
  const words = '1G on node 1: only 0 of 1 can be split: there are none on node 1\n'
  const empty = () => machine('6.12', { pools: [{ size: G, persistent: { 0: 2n } }] })
  for (const [dry, status, kind] of [
    ['', 64, ''],
    [' --quiet', 64, ''],
    [' --dry-run', 0, 'note: '],
  ] as const) {
    const told = await onFake(empty(), `demote 1G=0:1,1:1${dry}`)
    t.equal(told.status, status)
    t.equal(told.stderr, `hugepool: ${kind}${words}`)
  }
  const kernel = machine()
  kernel.map(G, 2n).touch(2n)
  t.equal(
    (await onFake(kernel, 'demote 1G=2 --dry-run')).stderr,
    'hugepool: note: 1G: only 1 of 2 can be split: 1 of 3 is free\n',
  )
})

t.test('--all-or-nothing splits nothing where it cannot split all', async (t) => {
  const kernel = machine()
  t.same(await onFake(kernel, 'demote 1G=0:2,1:2 --all-or-nothing'), {
    status: 1,
    stdout: '',
    stderr: lines(
      'hugepool: only 1 of 2 pages of 1G on node 1 can be split: there is 1 on node 1',
      'hint: there is no way back from splitting, so --all-or-nothing splits nothing',
    ),
  })
  t.same(kernel.writes, [])
  t.equal((await onFake(kernel, 'demote 1G=0:2,1:1 --all-or-nothing')).status, 0)
})

t.test('EBUSY after pages were split: the counters tell', async (t) => {
  const kernel = machine()
  const { write } = kernel
  kernel.write = (path, value) => {
    write(path, value)
    throw Object.assign(new Error('EBUSY'), { code: 'EBUSY', syscall: 'write' })
  }
  t.same(await onFake(kernel, 'demote 1G=2'), {
    status: 0,
    stdout: lines(heading, '1G    2M   all          2        2       3      1    1024  done'),
    stderr: '',
  })
})

t.test('another error ends it; what was split before is shown', async (t) => {
  const kernel = machine()
  kernel.failWrite(`${global1G}/demote`, 'EIO')
  const alone = await onFake(kernel, 'demote 1G=1')
  t.same(alone, {
    status: 1,
    stdout: '',
    stderr: `hugepool: ${global1G}/demote: input/output error (EIO)\n`,
  })
  kernel.failWrite(`${node1G(1)}/demote`, 'EIO')
  const { status, stdout, stderr } = await onFake(kernel, 'demote 1G=0:1,1:1')
  t.equal(status, 64)
  t.ok(
    stdout.startsWith(
      lines(heading, '1G    2M     0          1        1       2      1     512  done'),
    ),
  )
  t.ok(stderr.endsWith(`hugepool: ${node1G(1)}/demote: input/output error (EIO)\n`))
})

t.test('a signal between two nodes', async (t) => {
  const kernel = machine()
  const signal = signalDuringWrite(kernel, 1)
  t.equal((await onFake(kernel, 'demote 1G=0:1,1:1', signal)).status, 'SIGINT')
  t.same(writesOf(kernel), ['node0 1048576kB demote=1'])
})
