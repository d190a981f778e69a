import t from 'tap'
import type { StopSignal } from '../../../src/errors.ts'
import type { OwnMapping, TouchedPages } from '../../../src/kernel/native/native-mapping.ts'
import type { MappingRequest } from '../../../src/model/mapping/mapping-request.ts'
import { testMapping } from '../../../src/operations/mapping/test-mapping.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { type FakeKernel, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { type FakeMapper, fakeMapper } from '../../helpers/fake-mapper.ts'
import { nativeOf } from '../../helpers/fake-native.ts'
import { mappingRequest } from '../../helpers/mapping-plan.ts'
import { M } from '../../helpers/sizes.ts'
import { type Prepare, testOnFake, twoNodes } from '../../helpers/test-on-fake.ts'

const came = 'all pages and reservations came back'

/** The nth writing or reading of a pattern goes on until it is stopped, after its first page. */
const endless = (mapper: FakeMapper, call: 'write' | 'verify', nth: number) => {
  const seen = { calls: 0, underWay: false, verified: 0 }
  const slowly = (mapping: OwnMapping): OwnMapping => {
    const { write, verify, stop } = mapping
    const own = { write, verify }
    let end = (): void => {}
    const drawnOut = async (name: 'write' | 'verify', words: Parameters<OwnMapping['write']>) => {
      if (name === 'verify') seen.verified += 1
      if (name === call) seen.calls += 1
      if (name !== call || seen.calls !== nth) return own[name](...words)
      seen.underWay = true
      await new Promise<void>((resolve) => {
        end = resolve
      })
      const touched: TouchedPages = { pages: 1, seconds: 0.5, stopped: true, reached: 1 }
      return touched
    }
    return Object.assign(mapping, {
      write: (...words: Parameters<OwnMapping['write']>) => drawnOut('write', words),
      verify: (...words: Parameters<OwnMapping['write']>) => drawnOut('verify', words),
      stop: () => {
        stop.call(mapping)
        end()
      },
    })
  }
  const { map } = mapper
  mapper.map = async (request) => slowly(await map(request))
  return seen
}

t.test('a signal during the writing: nothing is read back, and nothing differs', async (t) => {
  for (const [line, nth] of [
    ['2M=4 --verify', 1],
    ['2M=0:2,1:2 --verify --frames', 1],
    ['2M=6 --via memfd --processes 3', 1],
    ['2M=6 --via memfd --processes 3', 2],
  ] as const) {
    const found: ReturnType<typeof endless>[] = []
    const { status, document, stderr, said } = await testOnFake(line, (_, mapper) => {
      // What was not written has another pattern.
      mapper.differing = 1
      const seen = endless(mapper, 'write', nth)
      found.push(seen)
      return {
        watchSignals: () => ({ pending: () => (seen.underWay ? 'SIGINT' : undefined), end() {} }),
      }
    })
    t.equal(status, 'SIGINT', line)
    t.hasStrict(document, {
      outcome: 'done',
      failure: undefined,
      error: undefined,
      signal: 'SIGINT',
    })
    t.notMatch(stderr, /differs|could not be used|[1-9]\d* pages? read back/)
    t.strictSame(
      found.map(({ verified }) => verified),
      [0, 0],
    )
    t.equal(said.at(-1), came)
  }
})

t.test('a signal while it is read back ends that, with what was read', async (t) => {
  const stopped = (nth: number) =>
    ((_, mapper) => {
      const seen = endless(mapper, 'verify', nth)
      return {
        watchSignals: () => ({ pending: () => (seen.underWay ? 'SIGTERM' : undefined), end() {} }),
      }
    }) satisfies Prepare
  const one = await testOnFake('2M=4 --verify', stopped(1))
  t.hasStrict(one.document, {
    outcome: 'done',
    verified: 1n,
    failure: undefined,
    signal: 'SIGTERM',
  })
  t.match(one.stderr, 'hugepool: note: 1 page read back as written\n')
  const several = await testOnFake('2M=6 --via memfd --processes 3', stopped(2))
  t.hasStrict(several.document, { verified: undefined, failure: undefined, signal: 'SIGTERM' })
  t.notMatch(several.stderr, 'read back')
})

t.test('a signal between two mappings: the second is not made', async (t) => {
  const found: FakeMapper[] = []
  const { status, document } = await testOnFake('2M=0:2,1:2', (_, mapper) => {
    found.push(mapper)
    const pending = () => (mapper.requests.length > 0 ? 'SIGINT' : undefined)
    return { watchSignals: () => ({ pending, end() {} }) }
  })
  t.equal(status, 'SIGINT')
  t.strictSame(
    found.map(({ requests }) => requests.length),
    found.map(() => 1),
  )
  t.hasStrict(document, { failure: undefined, signal: 'SIGINT' })
})

/** How long it takes, by a clock of its own, from the last page to the end. */
const endOf = async (
  line: string,
  rest: Partial<MappingRequest>,
  {
    signal,
    prepare,
  }: { signal?: StopSignal; prepare?: (mapper: FakeMapper, kernel: FakeKernel) => void },
) => {
  const kernel = fakeKernel(twoNodes)
  const mapper = fakeMapper(kernel)
  kernel.extra.set('/proc/self/mountinfo', '')
  prepare?.(mapper, kernel)
  let [now, last] = [0, 0]
  let taken = false
  mapper.onTouch = (page) => {
    last = now
    if (page === 3 && !taken) kernel.map(2n * M, 1n)
    taken ||= page === 3
  }
  const ports: Ports = {
    tree: kernel,
    native: () => nativeOf(kernel),
    mapper: async () => mapper,
    clock: () => now,
    now: () => now,
    pause: async (milliseconds) => {
      now += milliseconds
      await new Promise(setImmediate)
    },
    watchSignals: () => ({ pending: () => (taken ? signal : undefined) }),
    note: () => {},
    reason: () => {},
    progress: () => {},
  }
  const { readings } = await testMapping(ports, mappingRequest(line, rest))
  return { milliseconds: now - last, kinds: readings.map(({ kind }) => kind) }
}

t.test('pages are waited for a second, after a signal not as long', async (t) => {
  const patient = (await endOf('2M=4', {}, {})).milliseconds
  t.ok(patient >= 1000 && patient < 1200, `${patient} ms`)
  const hurried = (await endOf('2M=4', {}, { signal: 'SIGINT' })).milliseconds
  t.ok(hurried >= 200 && hurried < 400, `${hurried} ms`)
})

t.test('where a file keeps pages they are waited for once it is gone', async (t) => {
  const once = await endOf('2M=4', { via: 'memfd' }, {})
  t.ok(once.milliseconds >= 1000 && once.milliseconds < 1200, `${once.milliseconds} ms`)
  t.strictSame(once.kinds, ['start', 'create', 'map', 'touch', 'unmap', 'delete'])
  const named = await endOf(
    '2M=4',
    { path: '/mnt/huge/file' },
    {
      prepare: (mapper) =>
        mapper.existing.set('/mnt/huge/file', { pageSize: 2n * M, bytes: 8n * M }),
    },
  )
  t.ok(named.milliseconds < 200, `${named.milliseconds} ms`)
  t.strictSame(named.kinds, ['start', 'open', 'map', 'touch', 'unmap'])
})
