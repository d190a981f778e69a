import t from 'tap'
import type { StopSignal } from '../../../src/errors.ts'
import type { PageProgress } from '../../../src/model/page-progress.ts'
import { stepFor } from '../../../src/model/pools/pool-plan.ts'
import { compactPaths, grow } from '../../../src/operations/pools/grow.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { type FakeKernel, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { nativeOf } from '../../helpers/fake-native.ts'
import { global2M } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

interface Slow {
  /** What one write costs before its first page, and each page. */
  readonly perWrite?: number
  readonly perPage: number
  readonly signal?: () => StopSignal | undefined
}

/** A machine whose pages take time, by a clock that only the writes move. */
const slowMachine = (kernel: FakeKernel, { perWrite = 0, perPage, signal }: Slow) => {
  let cost = perPage
  let now = 0
  let pauses = 0
  const shown: PageProgress[] = []
  const seconds: number[] = []
  const pages = () => Number(kernel.snapshot()[`${global2M}/nr_hugepages`])
  const { write } = kernel
  kernel.write = (path, value) => {
    const before = pages()
    write(path, value)
    const took = perWrite + (pages() - before) * cost
    now += took
    seconds.push(took / 1000)
  }
  const pending = () => signal?.()
  const ports: Ports = {
    tree: kernel,
    native: () => nativeOf(kernel),
    clock: () => now,
    now: () => now,
    pause: async () => {
      pauses += 1
    },
    watchSignals: () => ({ pending }),
    note: () => t.fail('a growth says nothing'),
    reason: () => t.fail('a growth says nothing'),
    progress: (progress) => shown.push(progress),
    mapper: () => Promise.reject(new Error('this test maps nothing')),
  }
  const climb = (to: bigint, from = 0n, size = 2n * M) =>
    grow(ports, {
      step: stepFor({ size, attribute: 'persistent' }, from, to),
      signals: { pending },
      memoryMinimums: [],
      compacting: false,
    })
  const becomes = (milliseconds: number) => {
    cost = milliseconds
  }
  return { climb, becomes, shown, seconds, pages, now: () => now, pauses: () => pauses }
}

const large = () => fakeKernel({ nodes: [{ id: 0, memory: 1024n * G }] })
const values = (kernel: FakeKernel) => kernel.writes.map(({ value }) => Number(value))
const gains = (kernel: FakeKernel) =>
  values(kernel).map((value, at, all) => value - (all[at - 1] ?? 0))

t.test('fast memory: few writes, each much larger than the last', async (t) => {
  const kernel = large()
  await slowMachine(kernel, { perPage: 0.0001 }).climb(400000n)
  t.same(values(kernel), [128, 1152, 9344, 74880, 400000])
})

t.test('writes are of increasing value and end at what was asked for', async (t) => {
  for (const perPage of [0.001, 0.05, 0.5, 2, 20]) {
    const kernel = large()
    const machine = slowMachine(kernel, { perPage })
    await machine.climb(20000n)
    t.ok(gains(kernel).every((gain) => gain > 0))
    t.equal(values(kernel).at(-1), 20000)
    t.equal(machine.pages(), 20000)
    const quarters = machine.now() / 125
    t.ok(kernel.writes.length <= 10 + quarters, `${kernel.writes.length} writes`)
  }
})

t.test('no write is so long that a signal waits for a second', async (t) => {
  for (const perPage of [0.01, 0.05, 0.3, 1, 3]) {
    const machine = slowMachine(large(), { perPage })
    await machine.climb(30000n)
    t.ok(Math.max(...machine.seconds) < 1, `${perPage} ms a page: ${Math.max(...machine.seconds)}`)
  }
})

t.test('slow memory: writes are halved, down to one page', async (t) => {
  const kernel = large()
  await slowMachine(kernel, { perPage: 700 }).climb(300n)
  t.same(gains(kernel).slice(0, 9), [128, 64, 32, 16, 8, 4, 2, 1, 1])
  t.equal(values(kernel).at(-1), 300)
})

t.test('the time of a write decides the size of the next', async (t) => {
  for (const [perWrite, ...expected] of [
    [62, 128, 1024],
    [62.5, 128, 256],
    [249, 128, 256],
    [250, 128, 128],
    [500, 128, 128],
    [501, 128, 64],
  ] as const) {
    const kernel = large()
    await slowMachine(kernel, { perWrite, perPage: 0 }).climb(3000n)
    t.strictSame(gains(kernel).slice(0, 2), expected, `${perWrite} ms`)
  }
})

t.test('pages larger than a write usually takes begin with one', async (t) => {
  const kernel = large()
  await slowMachine(kernel, { perPage: 0 }).climb(200n, 0n, G)
  t.strictSame(values(kernel), [1, 9, 73, 200])
})

t.test('what compacts the memory that a step takes', async (t) => {
  const setting = { size: 2n * M, attribute: 'persistent' } as const
  const node = (id: number) => `/sys/devices/system/node/node${id}/compact`
  t.strictSame(compactPaths(stepFor(setting, 0n, 1n)), ['/proc/sys/vm/compact_memory'])
  t.strictSame(compactPaths(stepFor({ ...setting, node: 1 }, 0n, 1n)), [node(1)])
  const policy = { mode: 'interleave', nodes: [0, 2] } as const
  t.strictSame(compactPaths(stepFor(setting, 0n, 1n, policy)), [node(0), node(2)])
})

t.test('memory that becomes slow makes the writes smaller again', async (t) => {
  const kernel = large()
  const machine = slowMachine(kernel, { perPage: 0.01 })
  await machine.climb(4000n)
  t.ok(Math.max(...gains(kernel)) > 1000)
  machine.becomes(1)
  await machine.climb(12000n, 4000n)
  t.ok((gains(kernel).at(-2) ?? 0) <= 512, 'half a second at the most')
  t.ok(Math.max(...machine.seconds) < 1)
})

t.test('writes cost at most a twentieth more than a single one', async (t) => {
  for (const [perPage, pages] of [
    [0.02, 100000],
    [0.3, 20000],
    [1, 10000],
  ] as const) {
    const perWrite = 5
    const machine = slowMachine(large(), { perWrite, perPage })
    await machine.climb(BigInt(pages))
    const single = perWrite + pages * perPage
    t.ok(machine.now() <= single * 1.05, `${machine.now()} of ${single}`)
  }
})

t.test('it stops as soon as one write gains nothing', async (t) => {
  const kernel = fakeKernel({ nodes: [{ id: 0, memory: 512n * M }] })
  const machine = slowMachine(kernel, { perPage: 0.1 })
  await machine.climb(100000n)
  t.equal(machine.pages(), 256)
  t.same(values(kernel), [128, 1152, 8448], 'the third gained none')
})

t.test('a signal is looked for after every write, in a turn of the event loop', async (t) => {
  const kernel = large()
  const machine = slowMachine(kernel, {
    perPage: 1,
    signal: () => (kernel.writes.length === 3 ? 'SIGINT' : undefined),
  })
  await machine.climb(10000n)
  t.equal(kernel.writes.length, 3)
  t.equal(machine.pauses(), 3)
  t.equal(machine.pages(), values(kernel).at(-1))
})

t.test('progress is in pages obtained of requested, from where it began', async (t) => {
  const kernel = large()
  const machine = slowMachine(kernel, { perPage: 0 })
  await machine.climb(100n)
  await machine.climb(400n, 100n)
  t.same(machine.shown, [
    { label: '2M', obtained: 0n, requested: 100n },
    { label: '2M', obtained: 100n, requested: 100n },
    { label: '2M', obtained: 0n, requested: 300n },
    { label: '2M', obtained: 128n, requested: 300n },
    { label: '2M', obtained: 300n, requested: 300n },
  ])
})
