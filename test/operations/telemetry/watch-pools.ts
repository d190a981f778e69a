import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { main } from '../../../src/main.ts'
import { parseUntil } from '../../../src/model/telemetry/until-expression.ts'
import type { WatchState } from '../../../src/model/telemetry/watch-state.ts'
import { type WatchRequest, watchPools } from '../../../src/operations/telemetry/watch-pools.ts'
import { loadPaint } from '../../../src/output/colour.ts'
import { watchFrame } from '../../../src/output/telemetry/watch-frame.ts'
import { openScreen } from '../../../src/output/telemetry/whole-screen.ts'
import { fakeClock } from '../../helpers/fake-clock.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { nativeOf } from '../../helpers/fake-native.ts'
import { G, M } from '../../helpers/sizes.ts'
import { watchPorts } from '../../helpers/watch-ports.ts'

t.setTimeout(300_000)

const machine = () =>
  fakeKernel({
    nodes: [{ id: 0, memory: 4n * G }],
    pools: [{ size: 2n * M, persistent: { 0: 40n } }],
  })

const usual: WatchRequest = { sizes: [2n * M], perNode: false, holders: false, interval: 2000 }

interface Turn {
  readonly kernel: ReturnType<typeof machine>
  readonly ports: ReturnType<typeof watchPorts>
  readonly state: WatchState
}

/** Watches, and does something at each state that is shown. Gives the end, and what was seen when. */
const watched = async (
  request: Partial<WatchRequest>,
  onShow: (turn: Turn) => boolean | undefined = () => true,
  keys?: readonly (string | number)[],
) => {
  const kernel = machine()
  const ports = watchPorts(kernel)
  const shown: string[] = []
  let typed = 0
  const { state, ...end } = await watchPools(
    ports,
    { ...usual, ...request },
    {
      show: async (current) => {
        shown.push(`${current.looks} at ${ports.clock()}`)
        return onShow({ kernel, ports, state: current }) ?? true
      },
      ...(keys && {
        key: async (milliseconds: number) => {
          const next = keys[typed]
          typed += 1
          if (typeof next === 'string') return next
          ports.time.pass(Math.min(next ?? milliseconds, milliseconds))
          if (typed > 1000) throw new Error('nobody ends it')
          return undefined
        },
      }),
    },
  )
  return { shown, end, state }
}

t.test('as many looks as asked for, an interval apart', async (t) => {
  const { shown, end, state } = await watched({ count: 3 })
  t.strictSame([shown, end], [['1 at 0', '2 at 2000', '3 at 4000'], {}])
  t.strictSame([state.interval, state.perNode, state.showsHolders], [2000, false, false])
  const once = await watched({ count: 1, perNode: true, holders: true })
  t.strictSame([once.shown, once.end], [['1 at 0'], {}])
  t.strictSame([once.state.perNode, once.state.last?.holds], [true, []])
})

t.test('a look that takes long does not delay the next one', async (t) => {
  const { shown } = await watched({ count: 3 }, ({ ports }) => {
    ports.time.pass(700)
    return true
  })
  t.strictSame(shown, ['1 at 0', '2 at 2000', '3 at 4000'])
})

t.test('it ends when the expression is true', async (t) => {
  const { shown, end } = await watched(
    { until: parseUntil('2M.in-use>=2'), timeout: 60_000, count: 10 },
    ({ kernel }) => {
      kernel.map(2n * M, 1n).touch(1n)
      return true
    },
  )
  t.strictSame([shown, end], [['1 at 0', '2 at 2000', '3 at 4000'], { holds: true }])
})

t.test('the time is up after one more look, or the looks are done', async (t) => {
  const until = parseUntil('2M.in-use>0')
  t.strictSame((await watched({ until, timeout: 3000 })).shown, [
    '1 at 0',
    '2 at 2000',
    '3 at 3000',
  ])
  t.strictSame((await watched({ until, timeout: 3000 })).end, { holds: false })
  t.strictSame((await watched({ until, timeout: 0 })).shown, ['1 at 0'])
  const counted = await watched({ until, count: 2 })
  t.strictSame([counted.shown, counted.end], [['1 at 0', '2 at 2000'], { holds: false }])
  const paused = await watched({ until, timeout: 3000 }, undefined, ['p'])
  t.strictSame([paused.shown.at(-1), paused.end], ['2 at 3000', { holds: false }])
})

t.test('the pool of the expression is seen too', async (t) => {
  const { state } = await watched({ until: parseUntil('1G.free==0') })
  t.strictSame(
    state.last?.pools.map(({ size }) => size),
    [2n * M, G],
  )
  const all = await watched({ sizes: [], until: parseUntil('1G.free==0') })
  t.equal(all.state.last?.pools.length, 2)
  for (const [text, reason] of [
    ['4M.free==0', 'no-size'],
    ['2M@7.free==0', 'no-node'],
  ] as const)
    await t.rejects(watched({ sizes: [], until: parseUntil(text), count: 1 }), {
      code: 'E_UNSUPPORTED',
      reason,
    })
})

t.test('a signal ends it before the next look, and nobody who looks at once', async (t) => {
  const signalled = ({ ports, state: { looks } }: Turn) => {
    if (looks === 2) ports.signal = 'SIGTERM'
    return true
  }
  const { shown, end, state } = await watched({}, signalled, [])
  t.strictSame([shown, end], [['1 at 0', '2 at 2000'], { signal: 'SIGTERM' }])
  t.equal(state.ended, 'SIGTERM')
  const closed = await watched({}, () => false)
  t.strictSame([closed.shown, closed.end], [['1 at 0'], {}])
  t.equal(closed.state.ended, 'quit')
})

t.test('where nobody can type a signal is not noted', async (t) => {
  const { shown, end } = await watched({ count: 2 }, ({ ports }) => {
    ports.signal = 'SIGTERM'
    return true
  })
  t.strictSame([shown, end], [['1 at 0', '2 at 2000'], {}])
})

t.test('keys are shown at once, and change what is looked at', async (t) => {
  const { shown, end, state } = await watched({}, undefined, ['n', 500, 'x', 'w', 'q'])
  t.strictSame(
    [shown, end],
    [['1 at 0', '1 at 0', '1 at 500', '1 at 500', '2 at 500'], {}],
    'a watch that shows holders looks for them at once',
  )
  t.strictSame([state.perNode, state.showsHolders, state.ended], [true, true, 'quit'])
  t.strictSame((await watched({}, undefined, ['ctrl-c'])).end, { signal: 'SIGINT' })
  t.strictSame((await watched({}, undefined, ['hangup'])).end, { signal: 'SIGHUP' })
  const closed = await watched({}, ({ state: { perNode } }) => !perNode, ['n', 'q'])
  t.strictSame(closed.shown, ['1 at 0', '1 at 0'])
})

t.test('a pause ends with its key, and an interval is the one that was set last', async (t) => {
  const { shown } = await watched({ count: 3 }, undefined, ['p', 9000, 9000, 'p', 2000])
  t.strictSame(shown, ['1 at 0', '1 at 0', '1 at 18000', '2 at 18000', '3 at 20000'])
  const early = await watched({ count: 2 }, undefined, [1999, 'x', 1])
  t.strictSame(early.shown, ['1 at 0', '1 at 1999', '2 at 2000'])
  const slower = await watched({ count: 2 }, undefined, [1000, '+'])
  t.strictSame(slower.shown, ['1 at 0', '1 at 1000', '2 at 5000'])
})

const many = 10_000

/** Notes the heap after a thousand looks, and after ten times as many; what it grew. */
const heapMeter = () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const heap = new Map<number, number>()
  return {
    at: (looks: number): void => {
      if ((looks !== many / 10 && looks !== many) || heap.has(looks)) return
      collect()
      heap.set(looks, process.memoryUsage().heapUsed)
    },
    /** A hundred bytes that each look left behind would come to nine tenths of a million. */
    growth: (): number => (heap.get(many) ?? Number.NaN) - (heap.get(many / 10) ?? Number.NaN),
  }
}

/** A process that has pages, and another one that has others at every look. */
const busyMachine = () => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: 4n * G }],
    pools: [{ size: 2n * M, persistent: { 0: 20n }, overcommit: 8n }],
  })
  kernel.map(2n * M, 3n).touch(2n)
  let mapping = kernel.map(2n * M, 1n)
  const change = (looks: number): void => {
    mapping.unmap()
    mapping = kernel.map(2n * M, 20n)
    mapping.touch(BigInt(looks % 20))
  }
  return { kernel, change }
}

/** A screen whose frames are thrown away, and how many there were. */
const sink = async () => {
  const drawn = { frames: 0 }
  const screen = await openScreen({
    out: (text) => {
      if (text.length > 80) drawn.frames += 1
    },
    err: () => {},
    ...{ outIsTerminal: true, errIsTerminal: true, environment: { TERM: 'xterm' } },
    openTerminal: async () => ({
      size: () => ({ columns: 80, rows: 24 }),
      suspend: () => {},
      close: () => {},
    }),
  })
  if (screen === undefined) throw new Error('there is no screen')
  return { drawn, screen }
}

t.test(
  'ten thousand looks that are drawn take no more memory than a thousand',
  { timeout: 240_000 },
  async (t) => {
    const { kernel, change } = busyMachine()
    const ports = watchPorts(kernel)
    const { drawn, screen } = await sink()
    const paint = await loadPaint()
    const format = { json: false, raw: false, bytes: false, headings: true, columns: [] }
    const meter = heapMeter()
    const seen = { looks: 0, withHolders: 0, isShowing: false }
    await watchPools(
      ports,
      { ...usual, perNode: true, count: many },
      {
        show: async (state) => {
          screen.draw(await watchFrame(state, { ...screen.size(), format, paint }))
          seen.looks = state.looks
          if (state.last?.holds?.length) seen.withHolders += 1
          meter.at(state.looks)
          change(state.looks)
          return true
        },
        key: async (milliseconds) => {
          // Of 500 looks the last 20 are at the holders too, for these cost much more time.
          const isWanted = seen.looks % 500 >= 480
          if (isWanted !== seen.isShowing) {
            seen.isShowing = isWanted
            return 'w'
          }
          ports.time.pass(milliseconds)
          return undefined
        },
      },
    )
    t.ok(drawn.frames >= many, `${drawn.frames} frames`)
    t.ok(seen.withHolders >= many / 25, `${seen.withHolders} looks at the holders`)
    t.ok(meter.growth() < 1_000_000, `${meter.growth()} bytes more`)
  },
)

t.test('nor do ten thousand that are printed as documents', { timeout: 240_000 }, async (t) => {
  const { kernel, change } = busyMachine()
  const meter = heapMeter()
  let looks = 0
  const status = await main(['watch', '--json', '--count', `${many}`], {
    ...{ tree: kernel, native: nativeOf(kernel), clock: fakeClock() },
    loadNative: () => nativeOf(kernel),
    streams: {
      out: () => {
        looks += 1
        meter.at(looks)
        change(looks)
      },
      err: () => {},
      ...{ outIsTerminal: false, errIsTerminal: false, environment: {} },
    },
  })
  t.strictSame([status, looks], [0, many])
  t.ok(meter.growth() < 1_000_000, `${meter.growth()} bytes more`)
})
