import t from 'tap'
import type { StopSignal } from '../../../src/errors.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { fakeMapper } from '../../helpers/fake-mapper.ts'
import { lines, onFake } from '../../helpers/on-fake.ts'
import { M } from '../../helpers/sizes.ts'
import { testOnFake, twoNodes } from '../../helpers/test-on-fake.ts'

const came = 'all pages and reservations came back'

/** A signal that is there from some moment on. */
const signalled = (there: () => boolean, signal: StopSignal = 'SIGINT') => ({
  watchSignals: () => ({ pending: () => (there() ? signal : undefined), end: () => {} }),
})

t.test('a mapping is held for a time, and its process named', async (t) => {
  const { stderr, said, status } = await testOnFake('2M=4 --hold 20ms')
  t.equal(status, 0)
  t.ok(
    stderr.startsWith(
      lines(
        'hugepool: note: reserved 4 of 10 available',
        'hugepool: note: 4 pages faulted in on node 0',
        'hugepool: note: process 4242 holds 4 pages of 2M for 20ms; Ctrl-C releases them',
      ),
    ),
    stderr,
  )
  t.strictSame(said.slice(-2), ['held by process 4242 for 20ms', came])
})

t.test('a file that is truncated while it is held', async (t) => {
  const { said } = await testOnFake('2M=4 --via memfd --hold 150ms', (_, mapper) => {
    mapper.onTouch = (page) => {
      if (page === 3) mapper.clock.after(20, () => (mapper.truncatedTo = 2n * M))
    }
    return undefined
  })
  t.match(
    said.find((words) => words.startsWith('held')),
    /for 150ms; meanwhile somebody truncated the file to 2M$/,
  )
})

t.test('a signal releases what is held', async (t) => {
  const { status, said, stderr, document } = await testOnFake('2M=4 --hold 1h', (_, { clock }) =>
    signalled(() => clock.clock() > 300),
  )
  t.equal(status, 'SIGINT')
  t.equal(document.outcome, 'done')
  t.strictSame(said.slice(-2), ['held by process 4242 until a signal came', came])
  t.match(stderr, 'hugepool: stopped by SIGINT\n')
})

t.test('a signal ends touching, and everything is given back', async (t) => {
  const { status, document, said } = await testOnFake('2M=8 --steps', (_, mapper) => {
    let last = -1
    mapper.onTouch = (page) => {
      last = page
    }
    return signalled(() => last >= 2, 'SIGTERM')
  })
  t.equal(status, 'SIGTERM')
  t.hasStrict(document, { outcome: 'partial', touch: { pages: 3n }, signal: 'SIGTERM' })
  t.equal(said.at(-1), came)
})

t.test('a signal stops the threads that touch', async (t) => {
  const { status, document, mapper } = await testOnFake('2M=8', (_, mapper) => {
    mapper.delay = 10_000
    return signalled(() => mapper.clock.clock() > 100)
  })
  t.equal(status, 'SIGINT')
  t.hasStrict(document, { outcome: 'partial', touch: undefined })
  t.ok(mapper.clock.clock() < 2000)
})

t.test('a call that fails leaves nothing behind', async (t) => {
  const kernel = fakeKernel(twoNodes)
  const mapper = fakeMapper(kernel)
  const before = kernel.snapshot()
  mapper.onTouch = () => {
    throw new Error('a fault')
  }
  const { status } = await onFake(kernel, 'test 2M=4 --via memfd', { mapper })
  t.equal(status, 70)
  t.strictSame(kernel.snapshot(), before)
  t.equal(mapper.open.size + mapper.mapped.size, 0)
})

t.test('an existing file is mapped, and neither made nor longer nor deleted', async (t) => {
  const prepare: Parameters<typeof testOnFake>[1] = (kernel, mapper) => {
    kernel.extra.set('/proc/self/mountinfo', '')
    mapper.existing.set('/mnt/huge/file', { pageSize: 2n * M, bytes: 8n * M })
    return undefined
  }
  const { said, document } = await testOnFake('2M=4 --path /mnt/huge/file', prepare)
  t.strictSame(said, [
    '10 available',
    'the file /mnt/huge/file',
    'reserved 4 of 10 available',
    '4 pages faulted in on node 0',
    '4 pages stay with the file',
  ])
  t.hasStrict(document, { via: 'file', path: '/mnt/huge/file', sharing: 'shared' })
  for (const [line, words] of [
    ['2M=5', /: has 4 pages of 2M, and mapping 5 would make it longer\n/],
    ['1G=1', /: has pages of 2M\n/],
  ] as const) {
    const kernel = fakeKernel(twoNodes)
    const mapper = fakeMapper(kernel)
    prepare(kernel, mapper)
    const result = await onFake(kernel, `test ${line} --path /mnt/huge/file`, { mapper })
    t.match({ ...result }, { status: 2, stderr: words })
    t.equal(mapper.open.size, 0)
  }
})

t.test('a device has memory of its own', async (t) => {
  const { said, document } = await testOnFake('2M=2 --path /dev/buffer --private', (_, mapper) => {
    mapper.existing.set('/dev/buffer', { bytes: 0n })
    return undefined
  })
  t.equal(said[1], 'the device /dev/buffer')
  t.equal(document.path, '/dev/buffer')
})

t.test('processes share a mapping; the pool has its pages once', async (t) => {
  const { said, document, stderr, mapper } = await testOnFake('2M=7 --via memfd --processes 3')
  const [, second, third] = document.processes?.map(({ pid }) => pid) ?? []
  t.strictSame(said.slice(2), [
    'reserved 7 of 10 available',
    '3 processes map the same 7 pages: the pool counts them once',
    'process 1 (4242): 2 pages faulted in on node 0; 2 of 7',
    `process 2 (${second}): 2 pages faulted in on node 0; 4 of 7`,
    `process 3 (${third}): 3 pages faulted in: 2 on node 0, 1 on node 1`,
    '7 pages stay with the memfd',
    came,
  ])
  t.equal(mapper.requests.length, 3)
  t.match(document.processes, [
    { pid: 4242, touched: 2n, verified: 7n },
    { touched: 2n, verified: 7n },
    { touched: 3n, verified: 7n },
  ])
  t.match(stderr, 'each of 3 processes: 7 pages read back as written')
  t.match(
    stderr,
    /touched 7 pages \(14M\) in 1\.50 s by 3 processes in turn, \w+ threads? each: 4\.66/,
  )
  const segment = await testOnFake('2M=2 --via shm --processes 2')
  t.equal(segment.status, 0)
})
