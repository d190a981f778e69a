import t, { type Test } from 'tap'
import { systemClock } from '../../../src/kernel/clock.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'
import { onFake } from '../../helpers/on-fake.ts'
import { M } from '../../helpers/sizes.ts'

/** A fake machine that serves its metrics until the test has asked what it wants to know. */
const served = async (
  t: Test,
  ask: (url: string, kernel: ReturnType<typeof fakeKernel>) => Promise<void>,
  words: readonly string[] = [],
) => {
  const kernel = fakeKernel({ pools: [{ size: 2n * M, persistent: { 0: 8n } }] })
  kernel.extra.set('/proc/self/mountinfo', '')
  let stopped = false
  let found: (url: string) => void
  const url = new Promise<string>((resolve) => {
    found = resolve
  })
  const running = onFake(kernel, ['metrics', '--listen', '0', ...words], {
    clock: {
      ...systemClock,
      pause: () => systemClock.pause(5),
    },
    watchSignals: () => ({ pending: () => (stopped ? 'SIGTERM' : undefined), end: () => {} }),
    heard: (text) => found(/http:\S+(?=\/metrics)/.exec(text)?.[0] ?? ''),
  })
  try {
    await ask(await url, kernel)
  } finally {
    stopped = true
  }
  const { status, stdout, stderr } = await running
  t.strictSame([status, stdout], [0, ''])
  return stderr.replace(/:\d+\//, ':PORT/')
}

const freePages = (text: string) => /^hugepool_pool_free_pages.*/m.exec(text)?.[0]

t.test('each format by its name, until a signal comes', async (t) => {
  const stderr = await served(t, async (url) => {
    const get = async (path: string, accept = '*/*', method = 'GET') => {
      const found = await fetch(`${url}${path}`, { method, headers: { accept } })
      return { found, text: await found.text(), type: found.headers.get('content-type') }
    }
    const classic = await get('/metrics')
    t.equal(classic.type, 'text/plain; version=0.0.4; charset=utf-8')
    t.equal(freePages(classic.text), 'hugepool_pool_free_pages{pagesize="2M"} 8')
    t.notMatch(classic.text, '# EOF')
    const open = await get('/metrics', 'application/openmetrics-text')
    t.equal(open.type, 'application/openmetrics-text; version=1.0.0; charset=utf-8')
    t.match(open.text, /\n# EOF\n$/)
    const index = await get('/')
    t.strictSame([index.found.status, index.text], [200, 'hugepool: the metrics are at /metrics\n'])
    const unknown = await get('/other')
    t.strictSame([unknown.found.status, unknown.text], [404, 'the metrics are at /metrics\n'])
    const refused = await get('/metrics', '*/*', 'DELETE')
    t.strictSame(
      [refused.found.status, refused.text, refused.found.headers.get('allow')],
      [405, 'only GET is answered\n', 'GET'],
    )
  })
  t.equal(stderr, 'hugepool: note: metrics are served at http://127.0.0.1:PORT/metrics\n')
})

t.test('one look is the answer for a second', async (t) => {
  await served(t, async (url, kernel) => {
    const free = async () => freePages(await (await fetch(`${url}/metrics`)).text())
    await free()
    kernel.write('/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages', '9')
    t.equal(await free(), 'hugepool_pool_free_pages{pagesize="2M"} 8')
    await systemClock.pause(1100)
    t.equal(await free(), 'hugepool_pool_free_pages{pagesize="2M"} 9')
  })
})

t.test('a look that fails is an answer, and not the end', async (t) => {
  await served(t, async (url, kernel) => {
    const { list, read } = kernel
    kernel.list = () => []
    kernel.read = (path) => {
      throw systemError('ENOENT', 'open', path)
    }
    const failed = await fetch(`${url}/metrics`)
    t.equal(failed.status, 503)
    t.equal(await failed.text(), 'no pool can be seen: neither sysfs nor procfs is mounted\n')
    Object.assign(kernel, { list, read })
    await systemClock.pause(1100)
    t.equal((await fetch(`${url}/metrics`)).status, 200)
  })
})

t.test('nor is a fault of the program', async (t) => {
  const stderr = await served(t, async (url, kernel) => {
    kernel.list = () => {
      throw new TypeError('x')
    }
    const failed = await fetch(`${url}/metrics`)
    t.strictSame([failed.status, await failed.text()], [500, 'a fault of hugepool\n'])
  })
  t.match(stderr, /\nhugepool: note: a request failed: TypeError: x\n/)
})
