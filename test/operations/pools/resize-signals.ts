import t from 'tap'
import type { StopSignal } from '../../../src/errors.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { lines, onFake, signalDuringWrite, writesOf } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const nodes = [{ id: 0, memory: 8n * G }]
const heading = 'SIZE  NODE  BEFORE  REQUESTED  AFTER  SHORT  OUTCOME'

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] satisfies StopSignal[])
  t.test(`${signal} stops a growth; what was obtained is kept and reported`, async (t) => {
    const kernel = fakeKernel({ nodes })
    const { status, stdout, stderr } = await onFake(
      kernel,
      'resize 2M=3000',
      signalDuringWrite(kernel, 2, signal),
    )
    const [, pages = ''] = kernel.writes.map(({ value }) => value)
    const short = `${3000 - Number(pages)}`
    t.equal(status, signal)
    t.equal(kernel.writes.length, 2)
    t.equal(
      stdout.split('\n')[1]?.replaceAll(/ +/g, ' '),
      `2M all 0 3000 ${pages} ${short} partial`,
    )
    t.equal(
      stderr,
      lines(
        `hugepool: stopped by ${signal}`,
        `hugepool: 2M: asked for 3000, got ${pages}: ${short} short`,
      ),
    )
    t.equal(kernel.snapshot()['/proc/sys/vm/nr_hugepages'], pages)
  })

t.test('the first write is small, so that a signal is noticed soon', async (t) => {
  const kernel = fakeKernel({ nodes })
  const { status, stdout } = await onFake(kernel, 'resize 2M=3000', signalDuringWrite(kernel, 1))
  t.equal(status, 'SIGINT')
  t.equal(stdout, lines(heading, '2M     all       0       3000    128   2872  partial'))
})

t.test('with --all-or-nothing it is put back, and the ending is still the signal', async (t) => {
  const kernel = fakeKernel({ nodes, pools: [{ size: 2n * M, persistent: { 0: 9n } }] })
  const before = kernel.snapshot()
  const signal = signalDuringWrite(kernel, 3, 'SIGTERM')
  const { status, stdout, stderr } = await onFake(
    kernel,
    'resize 1G=1 2M=3000 --all-or-nothing --json',
    signal,
  )
  t.equal(status, 'SIGTERM')
  t.match(
    stderr,
    /^hugepool: stopped by SIGTERM; 2M: asked for 3000, got \d+: \d+ short; put back as before: 1G, 2M\n$/,
  )
  t.equal(JSON.parse(stdout).error.code, 'E_KERNEL')
  t.same(kernel.snapshot(), before)
})

t.test('no further step is begun after a signal', async (t) => {
  const pools = [
    { size: 2n * M, persistent: { 0: 9n } },
    { size: G, persistent: { 0: 2n } },
  ]
  const kernel = fakeKernel({ nodes, pools })
  t.same(await onFake(kernel, 'resize 1G=1 2M=0', signalDuringWrite(kernel, 1)), {
    status: 'SIGINT',
    stdout: lines(
      heading,
      '1G     all       2          1      1      0  done',
      '2M     all       9          0      9      9  partial',
    ),
    stderr: lines('hugepool: stopped by SIGINT', 'hugepool: 2M: asked for 0, still 9: 9 short'),
  })
  t.same(writesOf(kernel), ['1048576kB nr_hugepages=1'])
})

t.test('a signal before the first write leaves everything as it is', async (t) => {
  const kernel = fakeKernel({ nodes })
  const { status, stdout } = await onFake(kernel, 'resize 2M=5', signalDuringWrite(kernel, 0))
  t.equal(status, 'SIGINT')
  t.equal(stdout, lines(heading, '2M     all       0          5      0      5  partial'))
  t.same(kernel.writes, [])
})

t.test('a signal during the last write: all was done, and the ending is the signal', async (t) => {
  const kernel = fakeKernel({ nodes })
  t.same(await onFake(kernel, 'resize 2M=5 --all-or-nothing', signalDuringWrite(kernel, 1)), {
    status: 'SIGINT',
    stdout: lines(heading, '2M     all       0          5      5      0  done'),
    stderr: 'hugepool: stopped by SIGINT\n',
  })
})

t.test('compaction is not begun after a signal', async (t) => {
  const kernel = fakeKernel({ nodes: [{ id: 0, memory: G, fragmentedBytes: G }] })
  const signal = signalDuringWrite(kernel, 1)
  t.equal((await onFake(kernel, 'resize 2M=5 --compact', signal)).status, 'SIGINT')
  t.same(writesOf(kernel), ['2048kB nr_hugepages=5'])
})

t.test('the watch of signals ends with the call, also when it throws', async (t) => {
  const kernel = fakeKernel({ nodes })
  let watching = 0
  const watchSignals = () => {
    watching += 1
    const end = () => {
      watching -= 1
    }
    return { pending: () => undefined, end }
  }
  await onFake(kernel, 'resize 2M=5', { watchSignals })
  t.equal(watching, 0)
  kernel.failWrite('/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages', 'EIO')
  t.equal((await onFake(kernel, 'resize 2M=9', { watchSignals })).status, 1)
  t.equal(watching, 0)
})
