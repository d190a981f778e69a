import { EventEmitter, once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import t, { type Test } from 'tap'
import { type HttpLimits, serveHttp } from '../../../src/kernel/telemetry/http-server.ts'
import type { HttpRequest } from '../../../src/model/telemetry/http-route.ts'

const loopback = { host: '127.0.0.1', port: 0 }
const never = async () => new Promise<never>(() => {})

/** A server whose answer says what it was asked. */
const serving = async (t: Test, limits?: HttpLimits) => {
  const asked: HttpRequest[] = []
  const { at, end } = await serveHttp(
    loopback,
    async (request) => {
      asked.push(request)
      return {
        status: 418,
        type: 'text/tea',
        text: 'ü\n',
        ...(request.path === '/x' && { allow: 'GET' }),
      }
    },
    limits,
  )
  t.teardown(end)
  return { at, end, asked, port: Number(at.split(':')[1]) }
}

/** What comes back for some octets, up to the end of the connection. */
const talk = async (port: number, words: string): Promise<string> => {
  const socket = connect(port, loopback.host)
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (data) => {
    text += data
  })
  socket.on('error', () => {})
  socket.write(words)
  await new Promise((resolve) => socket.on('close', resolve))
  return text.replace(/date: [^\r]*/i, 'date: now')
}

const answer = (...more: readonly string[]) =>
  [
    "HTTP/1.1 418 I'm a Teapot",
    'content-type: text/tea',
    'content-length: 3',
    'cache-control: no-store',
    'connection: close',
    ...more,
    'date: now',
    '',
    'ü\n',
  ].join('\r\n')

t.test('one request for each connection, of which its first line and Accept count', async (t) => {
  const { asked, port } = await serving(t)
  const words = 'GET /x?y HTTP/1.1\r\nHost: a\r\nAccept: b/c\r\n\r\n'
  t.equal(await talk(port, `${words}${words}`), answer())
  t.equal(
    await talk(port, 'PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab'),
    answer('allow: GET'),
  )
  t.strictSame(asked, [
    { method: 'GET', path: '/x?y', accept: 'b/c' },
    { method: 'PUT', path: '/x', accept: '' },
  ])
})

t.test('headers that ask for something do nothing', async (t) => {
  const { port } = await serving(t)
  const with_ = (header: string) => talk(port, `GET / HTTP/1.1\r\nHost: a\r\n${header}\r\n\r\n`)
  t.equal(await with_('Expect: 100-continue'), answer())
  t.equal(await with_('Connection: keep-alive'), answer())
  t.equal(await with_('Connection: Upgrade\r\nUpgrade: websocket'), answer())
})

t.test('what is no request is refused', async (t) => {
  const { asked, port } = await serving(t)
  const status = async (words: string) => (await talk(port, words)).split('\r\n')[0]
  t.equal(await status('garbage\r\n\r\n'), 'HTTP/1.1 400 Bad Request')
  const long = `GET / HTTP/1.1\r\nHost: a\r\nA: ${'a'.repeat(9000)}\r\n\r\n`
  t.equal(await status(long), 'HTTP/1.1 431 Request Header Fields Too Large')
  t.equal(await status('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'), '')
  t.strictSame(asked, [])
})

t.test('a connection that brings no request is closed', async (t) => {
  const limits = { connections: 16, milliseconds: 50, headerBytes: 8192 }
  const { asked, port } = await serving(t, limits)
  t.equal(await talk(port, ''), '')
  t.equal(await talk(port, 'GET / HTTP/1.1\r\nHost:'), '')
  t.strictSame(asked, [])
})

const getRoot = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

/** Ends when the time of a connection is up that is opened now: then that of every earlier one is. */
const timeIsUp = (port: number): Promise<unknown> => once(connect(port, loopback.host), 'close')

t.test('one whose answer takes longer is not', async (t) => {
  const limits = { connections: 16, milliseconds: 50, headerBytes: 8192 }
  const slow = async () => {
    await timeIsUp(port)
    return { status: 200, type: 'text/plain', text: 'late\n' }
  }
  const { at, end } = await serveHttp(loopback, slow, limits)
  const port = Number(at.split(':')[1])
  t.teardown(end)
  t.match(await talk(port, getRoot), /late\n$/)
})

t.test('so is one that does not take its answer', async (t) => {
  const large = 'a'.repeat(2 ** 26)
  const requests = new EventEmitter()
  const asked = once(requests, 'request')
  const { at, end } = await serveHttp(
    loopback,
    async () => {
      requests.emit('request')
      return { status: 200, type: 'text/plain', text: large }
    },
    { connections: 16, milliseconds: 50, headerBytes: 8192 },
  )
  t.teardown(end)
  const port = Number(at.split(':')[1])
  const socket = connect(port, loopback.host)
  socket.on('error', () => {})
  socket.write(getRoot)
  await asked
  await timeIsUp(port)
  let got = 0
  socket.on('data', ({ length }) => {
    got += length
  })
  await new Promise((resolve) => socket.on('close', resolve))
  t.ok(got < large.length, `${got} octets came`)
})

t.test('no more connections than there may be', async (t) => {
  const limits = { connections: 2, milliseconds: 5000, headerBytes: 8192 }
  const { asked, port } = await serving(t, limits)
  const idle = [connect(port, loopback.host), connect(port, loopback.host)]
  await Promise.all(idle.map((socket) => once(socket, 'connect')))
  t.equal(await talk(port, getRoot), '')
  for (const socket of idle) socket.destroy()
  // The server notices that they are gone while it is asked again.
  let said = ''
  while (said === '') said = await talk(port, getRoot)
  t.equal(said, answer())
  t.equal(asked.length, 1)
})

t.test('its end closes what waits, and is soon', async (t) => {
  const requests = new EventEmitter()
  const asked = once(requests, 'request')
  const { at, end } = await serveHttp(loopback, () => {
    requests.emit('request')
    return new Promise(() => {})
  })
  const port = Number(at.split(':')[1])
  const closed = talk(port, getRoot)
  await asked
  await end()
  t.equal(await closed, '')
  t.equal(await talk(port, 'GET / HTTP/1.1\r\n\r\n'), '')
})

t.test('where it cannot listen', async (t) => {
  const other = createServer()
  other.listen(0, loopback.host)
  await once(other, 'listening')
  t.teardown(() => other.close())
  const { port } = other.address() as { readonly port: number }
  await t.rejects(serveHttp({ ...loopback, port }, never), {
    code: 'E_KERNEL',
    reason: 'busy',
    message: `127.0.0.1:${port}: another program listens there`,
  })
  await t.rejects(serveHttp({ host: '192.0.2.1', port: 0 }, never), {
    code: 'E_KERNEL',
    reason: 'no-feature',
    message: '192.0.2.1:0: no address of this machine',
  })
  const fd = openSync('/dev/null', 'r')
  t.teardown(() => closeSync(fd))
  await t.rejects(serveHttp({ fd }, never), {
    code: 'E_REFUSED',
    reason: 'wrong-file',
    message: `descriptor ${fd}: is not a socket`,
  })
})

t.test('an address of IPv6 stands in brackets', async (t) => {
  const never = async () => new Promise<never>(() => {})
  const { at, end } = await serveHttp({ host: '::1', port: 0 }, never)
  t.match(at, /^\[::1\]:\d+$/)
  await end()
})

const asRoot = process.getuid?.() === 0 ? false : 'needs root to become another user'

t.test('a port below 1024 names the capability', { skip: asRoot }, async (t) => {
  const user = process.geteuid?.() ?? 0
  process.seteuid?.(65534)
  try {
    await t.rejects(serveHttp({ ...loopback, port: 81 }, never), {
      code: 'E_PERMISSION',
      reason: 'not-root',
      message:
        '127.0.0.1:81: permission denied: ports below 1024 are for root (CAP_NET_BIND_SERVICE)',
      hint: 'run it as root\nname a port from 1024 on',
    })
  } finally {
    process.seteuid?.(user)
  }
})
