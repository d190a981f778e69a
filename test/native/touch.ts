import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readSync, writeSync } from 'node:fs'
import { constants } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import type { TouchRequest } from '../../src/kernel/native/native-mapping.ts'
import {
  addonFile,
  mapFile,
  mapZero,
  native,
  noPage,
  openFile,
  touching,
  ways,
} from '../helpers/mapping.ts'
import { withoutLoader } from '../helpers/run.ts'

const node = [...withoutLoader, process.execPath, '-e']

for (const way of ways)
  t.test(`way ${way}`, async (t) => {
    for (const threads of [1, 2, 7, 100])
      t.test(`${threads} threads touch every page once`, async (t) => {
        const mapping = await mapFile(t, openFile(t, 50), 50)
        const touched = await mapping.touch(touching(mapping, { threads, way }))
        t.match(touched, { pages: 50, failure: undefined, stopped: false })
        t.ok(touched.seconds > 0 && touched.seconds < 60)
        t.equal(mapping.touched(), 50)
        t.ok(mapping.nodes(0, 50).every((node) => node >= 0))
        t.match(await mapping.touch(touching(mapping, { threads, way })), { pages: 50 })
      })

    for (const threads of [1, 2, 7])
      t.test(`the first page that is not to be had, by ${threads} threads`, async (t) => {
        const mapping = await mapFile(t, openFile(t, 30), 50)
        const touched = await mapping.touch(touching(mapping, { threads, way }))
        const failure = { page: 30, errno: noPage[way] }
        t.hasStrict(touched, { pages: 30, failure, stopped: false })
        t.ok(touched.reached > 30 && touched.reached <= 50, `threads came to ${touched.reached}`)
        const again = await mapping.touch(touching(mapping, { from: 40, threads, way }))
        t.hasStrict(again, { pages: 0, failure: { page: 40, errno: noPage[way] } })
        t.match(await mapping.touch(touching(mapping, { to: 30, threads, way })), { pages: 30 })
      })

    t.test('only the pages asked for', async (t) => {
      const mapping = await mapZero(t, 50)
      const touched = await mapping.touch(touching(mapping, { from: 20, to: 30, way }))
      t.match(touched, { pages: 10, reached: 30 })
      const there = mapping.nodes(0, 50).flatMap((node, page) => (node >= 0 ? [page] : []))
      t.strictSame(there, [20, 21, 22, 23, 24, 25, 26, 27, 28, 29])
      t.match(await mapping.touch(touching(mapping, { from: 50, way })), {
        pages: 0,
        stopped: false,
      })
    })

    t.test('no content is changed', async (t) => {
      const descriptor = openFile(t, 4)
      writeSync(descriptor, 'held')
      const mapping = await mapFile(t, descriptor, 4)
      await mapping.touch(touching(mapping, { way }))
      const content = Buffer.alloc(4)
      readSync(descriptor, content, 0, 4, 0)
      t.equal(`${content}`, 'held')
    })

    t.test('stop ends it within a moment', async (t) => {
      const mapping = await mapZero(t, 2 ** 14)
      const other = await mapZero(t, 2 ** 14)
      const whole = await other.touch(touching(other, { threads: 2, way }))
      const result = mapping.touch(touching(mapping, { threads: 2, way }))
      mapping.stop()
      const touched = await result
      t.ok(touched.seconds < whole.seconds, `${touched.seconds} s, ${whole.seconds} s for all`)
      t.match(touched, { stopped: true, failure: undefined })
      t.ok(touched.pages < 2 ** 14)
      t.equal(touched.pages, mapping.touched())
      t.match(await mapping.touch(touching(mapping, { to: 9, way })), { pages: 9, stopped: false })
    })
  })

t.test('one call at a time', async (t) => {
  const mapping = await mapZero(t, 2 ** 16)
  const result = mapping.touch(touching(mapping))
  const busy = { code: 'EBUSY', syscall: 'touch' }
  t.throws(() => mapping.touch(touching(mapping)), busy)
  t.throws(() => mapping.write(0, 1), { ...busy, syscall: 'write' })
  t.throws(() => mapping.verify(0, 1), { ...busy, syscall: 'verify' })
  mapping.stop()
  await result
  t.match(await mapping.touch(touching(mapping, { to: 1 })), { pages: 1 })
})

t.test('a thread that cannot be set up rejects, and no page is touched', async (t) => {
  const mapping = await mapZero(t, 8)
  const refused = async (rest: Partial<TouchRequest>, syscall: string) => {
    const error = { code: 'EINVAL', syscall }
    await t.rejects(mapping.touch(touching(mapping, { threads: 2, ...rest })), error)
    t.ok(mapping.nodes(0, 8).every((node) => node < 0))
  }
  await refused({ cpus: [8191] }, 'sched_setaffinity')
  await refused({ policy: { mode: 2, nodes: [1023] } }, 'set_mempolicy')
})

t.test(
  'threads have the processors and the policy asked for, the main thread keeps its own',
  async (t) => {
    const mapping = await mapZero(t, 8)
    const status = () => readFileSync('/proc/thread-self/status', 'latin1')
    const allowed = /^Cpus_allowed_list:\s*(\d+)/m
    const before = status().match(/^Cpus_allowed_list:.*$/m)?.[0]
    const cpus = [Number(allowed.exec(status())?.[1])]
    const policy = { mode: 2, nodes: [0] }
    t.match(await mapping.touch(touching(mapping, { threads: 2, cpus, policy })), { pages: 8 })
    t.equal(status().match(/^Cpus_allowed_list:.*$/m)?.[0], before)
    t.strictSame(native.getMempolicy(), { mode: 0, nodes: [] })
  },
)

t.test('SIGBUS from elsewhere is what it was before', async (t) => {
  const mapping = await mapFile(t, openFile(t, 1), 2)
  const heard = once(process, 'SIGBUS')
  t.hasStrict(await mapping.touch(touching(mapping)), { failure: { errno: 'SIGBUS' } })
  process.kill(process.pid, 'SIGBUS')
  // A listener alone does not keep the event loop alive.
  const alive = setInterval(() => {}, 1000)
  t.strictSame(await heard, ['SIGBUS', constants.signals.SIGBUS], 'a listener hears it')
  clearInterval(alive)

  const script = `const { map } = require(${JSON.stringify(addonFile)})
    const fd = fs.openSync('/dev/zero', 'r+')
    map({ bytes: 4096, pageSize: 4096, descriptor: fd, shared: false, populate: false, noreserve: false })
      .then((it) => it.touch({ from: 0, to: 1, threads: 1, way: 'store', stuckSeconds: 1 }))
      .then(() => process.kill(process.pid, 'SIGBUS'))`
  const environment = { ...process.env, ASAN_OPTIONS: 'handle_sigbus=0:detect_leaks=0' }
  const { signal } = spawnSync('env', [...node, script], { env: environment })
  t.equal(signal, 'SIGBUS', 'and ends a process without one')
})

t.test('a mapping that only its touch knows is not given back', async (t) => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  // In an object, or the promise would be awaited here.
  const { touched } = await (async () => {
    const mapping = await mapZero(undefined, 2 ** 14)
    return { touched: mapping.touch(touching(mapping)) }
  })()
  collect()
  t.hasStrict(await touched, { pages: 2 ** 14, stopped: false })
})

t.test('the event loop turns while pages are touched', async (t) => {
  const mapping = await mapZero(undefined, 2 ** 16)
  let last = performance.now()
  let longest = 0
  const turn = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(turn, 1)
  const { seconds } = await mapping.touch(touching(mapping))
  clearInterval(timer)
  turn()
  t.ok(longest < (seconds * 1000) / 2, `${longest} ms without a turn in ${seconds} s`)
  await mapping.unmap()
})

t.test('the end of the process waits for no touch', async (t) => {
  const script = `const { map } = require(${JSON.stringify(addonFile)})
    const fd = fs.openSync('/dev/zero', 'r+')
    const to = 2 ** 16
    map({ bytes: to * 4096, pageSize: 4096, descriptor: fd, shared: false, populate: false, noreserve: false })
      .then((it) => it.touch({ from: 0, to, threads: 2, way: 'store', stuckSeconds: 1 }) && process.exit(3))`
  for (let round = 0; round < 5; round += 1) {
    // What threads still hold is no leak.
    const environment = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' }
    const { status, signal } = spawnSync('env', [...node, script], { env: environment })
    t.strictSame({ status, signal }, { status: 3, signal: null })
  }
})
