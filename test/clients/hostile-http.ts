import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { liveOn } from '../live/support/live.ts'
import { pause } from '../live/support/program.ts'
import { metricsFrom, type Served, serve } from './support/scraping.ts'

const live = liveOn('every machine')

/** What a process has in memory, in MiB. */
const residentOf = ({ running }: Served): number => {
  const status = readFileSync(`/proc/${running.child.pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
}

/** A server of the little that there is to look at may have this more in memory than at its start. */
const mostMore = 64

const connected = (target: string): Socket => {
  const socket = connect(Number(target.split(':')[1]), '127.0.0.1')
  socket.on('error', () => {})
  return socket
}

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) resolve()
    socket.on('close', () => resolve())
    socket.resume()
  })

const stillServes = async (served: Served): Promise<boolean> =>
  /^hugepool_pool_total_pages/m.test(await metricsFrom(served.target))

live('it stays small through 10,000 requests', async (t) => {
  const served = await serve(['--cgroups'])
  await metricsFrom(served.target)
  const before = residentOf(served)
  let answered = 0
  const client = async () => {
    for (let nth = 0; nth < 1250; nth += 1) if (await stillServes(served)) answered += 1
  }
  await Promise.all(Array.from({ length: 8 }, client))
  t.equal(answered, 10_000)
  t.ok(residentOf(served) - before < mostMore, `${before} and then ${residentOf(served)} MiB`)
  served.running.child.kill('SIGTERM')
  t.equal((await served.running.result).status, 0)
})

/** What nobody in good faith sends. */
const nonsense: readonly (readonly [string, string])[] = [
  [
    'nothing but noise',
    Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7919) % 256)).toString('latin1'),
  ],
  ['a header of 1 MiB', `GET /metrics HTTP/1.1\r\nHost: a\r\nA: ${'a'.repeat(2 ** 20)}\r\n\r\n`],
  ['a path of 1 MiB', `GET /${'a'.repeat(2 ** 20)} HTTP/1.1\r\nHost: a\r\n\r\n`],
  ['100,000 headers', `GET / HTTP/1.1\r\nHost: a\r\n${'a: b\r\n'.repeat(100_000)}\r\n`],
  [
    'two lengths',
    'POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde',
  ],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  [
    'a body of 8 MiB',
    `PUT /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: ${2 ** 23}\r\n\r\n${'a'.repeat(2 ** 23)}`,
  ],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'.padEnd(517, '\x00')],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a tunnel', 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['1000 requests at once', 'GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(1000)],
]

live('nonsense does it no harm', async (t) => {
  const served = await serve([])
  await metricsFrom(served.target)
  const before = residentOf(served)
  for (let round = 0; round < 20; round += 1)
    for (const [what, text] of nonsense) {
      const socket = connected(served.target)
      socket.write(text, 'latin1')
      await closed(socket)
      if (round === 0) t.ok(await stillServes(served), what)
    }
  t.ok(await stillServes(served))
  t.ok(residentOf(served) - before < mostMore, `${before} and then ${residentOf(served)} MiB`)
})

live('clients that are slow are closed, and no more than sixteen wait', async (t) => {
  const served = await serve([])
  const before = residentOf(served)
  const slow = Array.from({ length: 200 }, () => connected(served.target))
  for (const socket of slow) socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\nA: ')
  const drip = setInterval(() => {
    for (const socket of slow) if (!socket.destroyed) socket.write('a')
  }, 500)
  try {
    await pause(3000)
    const open = slow.filter(({ destroyed }) => !destroyed).length
    t.ok(open <= 16, `${open} are open`)
    await pause(12_000)
    t.ok(await stillServes(served), 'their places are free again')
  } finally {
    clearInterval(drip)
    for (const socket of slow) socket.destroy()
  }
  t.ok(residentOf(served) - before < mostMore, `${before} and then ${residentOf(served)} MiB`)
})
