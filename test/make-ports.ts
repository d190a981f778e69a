import t from 'tap'
import { systemClock } from '../src/kernel/clock.ts'
import type { Outside } from '../src/main.ts'
import { makePorts } from '../src/make-ports.ts'
import { fakeClock } from './helpers/fake-clock.ts'
import { fakeKernel } from './helpers/fake-kernel/fake-kernel.ts'
import { fakeMapper } from './helpers/fake-mapper.ts'
import { nativeOf } from './helpers/fake-native.ts'
import { G } from './helpers/sizes.ts'

const kernel = fakeKernel({ nodes: [{ id: 0, memory: G }], pools: [] })

const reports = {
  watchSignals: () => ({ pending: () => undefined }),
  note: () => {},
  reason: () => {},
  progress: () => {},
}

const outside: Outside = {
  streams: {
    out: () => {},
    err: () => {},
    outIsTerminal: false,
    errIsTerminal: false,
    environment: {},
  },
  loadNative: () => {
    throw new Error('nobody asked for the addon')
  },
}

t.test('what is given is what an operation gets', async (t) => {
  const [native, mapper, clock] = [nativeOf(kernel), fakeMapper(kernel), fakeClock()]
  const run = async () => ({ status: 0, stdout: '', stderr: '' }) as never
  const streams = { ...outside.streams, ask: () => 'yes' }
  const given = { ...outside, streams, native, mapper, clock, run, program: ['node', 'x'] }
  const ports = makePorts(given, kernel, reports)
  t.equal(ports.native(), native)
  t.equal(await ports.mapper(), mapper)
  t.strictSame(
    [ports.tree, ports.clock, ports.now, ports.pause, ports.run, ports.program, ports.note],
    [kernel, clock.clock, clock.now, clock.pause, run, ['node', 'x'], reports.note],
  )
  t.equal(ports.ask?.('why?'), true)
})

t.test('a recorded machine has no native calls and runs no programs', async (t) => {
  const ports = makePorts(outside, { ...kernel, root: '/recorded' }, reports)
  t.throws(() => ports.native(), { code: 'E_UNSUPPORTED', reason: 'recording' })
  t.strictSame([ports.run, ports.program], [undefined, undefined])
  t.equal(ports.clock, systemClock.clock)
  t.equal(await ports.passedSocket?.(), undefined)
})
