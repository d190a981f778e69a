import t from 'tap'
import type { OwnMapping } from '../../../src/kernel/native/native-mapping.ts'
import type { MappingRequest } from '../../../src/model/mapping/mapping-request.ts'
import type { PageProgress } from '../../../src/model/page-progress.ts'
import { testMapping } from '../../../src/operations/mapping/test-mapping.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { progressLine } from '../../../src/output/progress.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { fakeMapper } from '../../helpers/fake-mapper.ts'
import { nativeOf } from '../../helpers/fake-native.ts'
import { mappingRequest } from '../../helpers/mapping-plan.ts'
import { onFake } from '../../helpers/on-fake.ts'
import { twoNodes } from '../../helpers/test-on-fake.ts'

/** A machine that takes so many milliseconds a page, by a clock of its own. */
const slowMachine = (perPage: number, terminal = true) => {
  const kernel = fakeKernel(twoNodes)
  const mapper = fakeMapper(kernel)
  const shown: PageProgress[] = []
  const times: number[] = []
  let now = 5000
  let text = ''
  const err = (more: string) => {
    if (!text.includes('pages')) times.push(now)
    text += more
  }
  const slowly = (mapping: OwnMapping): OwnMapping => {
    const { touch } = mapping
    let [begun, pages] = [now, 0]
    return Object.assign(mapping, {
      touched: () => Math.min(pages, Math.floor((now - begun) / Math.max(perPage, 1))),
      touch: async (how: Parameters<OwnMapping['touch']>[0]) => {
        begun = now
        pages = how.to - how.from
        while (now < begun + pages * perPage) await new Promise(setImmediate)
        return touch(how)
      },
    })
  }
  const streams = { out: () => {}, err, outIsTerminal: false, errIsTerminal: terminal }
  const line = progressLine({ ...streams, environment: {} }, () => now, true)
  const ports: Ports = {
    tree: kernel,
    native: () => nativeOf(kernel),
    mapper: async () => ({ ...mapper, map: async (how) => slowly(await mapper.map(how)) }),
    clock: () => now,
    now: () => now,
    pause: async (milliseconds) => {
      now += milliseconds
      await new Promise(setImmediate)
    },
    watchSignals: () => ({ pending: () => undefined }),
    note: () => {},
    reason: () => {},
    progress: (progress) => {
      shown.push(progress)
      line.show(progress)
    },
  }
  const test = async (assignment: string, rest: Partial<MappingRequest> = {}) => {
    await testMapping(ports, mappingRequest(assignment, rest)).finally(line.clear)
    return { shown, text, first: (times[0] ?? now) - 5000 }
  }
  return test
}

const clearLine = '\r\u001b[K'

t.test('progress is in pages touched of those that are to be touched', async (t) => {
  const { shown } = await slowMachine(100)('2M=8', { touch: 6n })
  t.strictSame(shown[0], { label: '2M: touched', obtained: 0n, requested: 6n })
  t.ok(shown.length >= 10, `${shown.length} times in 600 ms`)
  t.strictSame([...new Set(shown.map(({ obtained }) => obtained))], [0n, 1n, 2n, 3n, 4n, 5n])
  t.ok(shown.every(({ label, requested }) => label === '2M: touched' && requested === 6n))
})

t.test('it goes on over mappings and over readings of the counters', async (t) => {
  for (const [line, rest] of [
    ['2M=0:4,1:4', {}],
    ['2M=8', { readOften: true }],
    ['2M=8', { via: 'memfd', processes: 1, readOften: true }],
  ] as const) {
    const { shown } = await slowMachine(100)(line, rest)
    const obtained = shown.map((one) => one.obtained)
    t.ok(
      obtained.every((pages, at) => at === 0 || pages >= (obtained[at - 1] ?? 0n)),
      line,
    )
    t.strictSame([...new Set(obtained)], [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n], line)
    t.ok(shown.every(({ requested }) => requested === 8n))
  }
})

t.test('on a terminal there is a line after a second, and none at the end', async (t) => {
  const { text, first } = await slowMachine(500)('2M=4')
  t.ok(first >= 1000 && first <= 1200, `${first} ms`)
  const lines = text.split(clearLine).slice(1)
  t.equal(lines.pop(), '', 'it is cleared')
  t.strictSame(lines, ['2M: touched: 2 of 4 pages', '2M: touched: 3 of 4 pages'])
})

t.test('what takes less than a second shows none, nor does a pipe', async (t) => {
  t.equal((await slowMachine(100)('2M=8')).text, '')
  t.equal((await slowMachine(0)('2M=8')).text, '')
  t.equal((await slowMachine(500, false)('2M=8')).text, '')
})

t.test('words follow where the line was, and the table knows nothing of it', async (t) => {
  const outcome = async (terminal: boolean, option = '') => {
    const kernel = fakeKernel(twoNodes)
    const mapper = fakeMapper(kernel)
    mapper.delay = 2000
    return onFake(kernel, `test 2M=4${option}`, { mapper, terminal, clock: mapper.clock })
  }
  const [shown, plain] = await Promise.all([outcome(true), outcome(false)])
  const words = 'hugepool: note: touched 4 pages (8M) in 0.5 s by 2 threads: 8 pages/s, 16M/s\n'
  t.equal(plain.stderr, words)
  t.same(await outcome(true, ' --no-progress'), plain, 'nor where none is wanted')
  t.strictSame(await outcome(true, ' --quiet'), { ...plain, stderr: '' }, 'none of both if quiet')
  t.equal(shown.stdout, plain.stdout)
  const line = `${clearLine}2M: touched: 0 of 4 pages`
  const times = shown.stderr.split(line).length - 1
  t.ok(times >= 1, `${times} times`)
  t.equal(shown.stderr, `${line.repeat(times)}${clearLine}${words}`)
})
