import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { HttpAnswer, HttpRequest } from '../../model/telemetry/http-route.ts'
import type { ListenAddress } from '../../model/telemetry/listen-address.ts'
import { present } from '../../model/words/present.ts'
import { rootHint } from '../../model/words/root-hint.ts'
import { explain, type Meaning } from '../errno.ts'

/** The bounds of what clients can make the server do. */
export interface HttpLimits {
  /** How many connections can be open; further ones are closed at once. */
  readonly connections: number
  /** How long a request, and then the reading of its answer, may take. */
  readonly milliseconds: number
  /** The largest headers, in bytes. */
  readonly headerBytes: number
}

const usualLimits: HttpLimits = { connections: 16, milliseconds: 10_000, headerBytes: 8192 }

/** How long connections may go on after the end was asked for, in milliseconds. */
const lastMilliseconds = 1000

export interface HttpServing {
  /** The address with the port, as in a URL: `127.0.0.1:9786`, or the path of a Unix socket. */
  readonly at: string
  /** Takes no further connections, and returns when those that are open have ended. */
  readonly end: () => Promise<void>
}

const meanings: Readonly<Record<string, Meaning>> = {
  EADDRINUSE: { code: 'E_KERNEL', reason: 'busy', words: 'another program listens there' },
  EADDRNOTAVAIL: { code: 'E_KERNEL', reason: 'no-feature', words: 'no address of this machine' },
  EACCES: {
    code: 'E_PERMISSION',
    reason: 'not-root',
    words: 'permission denied: ports below 1024 are for root (CAP_NET_BIND_SERVICE)',
    hint: `${rootHint}\nname a port from 1024 on`,
  },
}

const noSocket = { code: 'E_REFUSED', reason: 'wrong-file', words: 'is not a socket' } as const

/** A descriptor that is no socket is refused by Node, which looks at its type (EINVAL), or by listen(2). */
const descriptorMeanings: Readonly<Record<string, Meaning>> = {
  EINVAL: noSocket,
  ENOTSOCK: noSocket,
}

type Socket = IncomingMessage['socket']

/**
 * Ends a connection after some time. What has come while this process was at work elsewhere is read
 * first, which may be what was waited for.
 */
const endLater = (socket: Socket, milliseconds: number): (() => void) => {
  let isAwaited = true
  const end = () => {
    if (isAwaited) socket.destroy()
  }
  const timer = setTimeout(() => setImmediate(end), milliseconds)
  const stop = () => {
    isAwaited = false
    clearTimeout(timer)
  }
  socket.once('close', stop)
  return stop
}

const requestOf = ({ method = '', url = '', headers }: IncomingMessage): HttpRequest => ({
  method,
  path: url,
  accept: headers.accept ?? '',
})

const send = (response: ServerResponse, { status, type, text, allow }: HttpAnswer): void => {
  const headers = present({
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    connection: 'close',
    allow,
  })
  response.writeHead(status, headers)
  response.end(text)
}

const hostIn = (host: string): string => (host.includes(':') ? `[${host}]` : host)

type HttpServer = ReturnType<typeof createServer>

const serverAddress = (server: HttpServer): string => {
  const address = server.address()
  if (address === null || typeof address === 'string') return address ?? ''
  return `${hostIn(address.address)}:${address.port}`
}

/** Begins to listen. Throws E_KERNEL and E_PERMISSION where that cannot be done. */
const listening = (server: HttpServer, where: ListenAddress | { readonly fd: number }) =>
  new Promise<void>((resolve, reject) => {
    const name = 'fd' in where ? `descriptor ${where.fd}` : `${hostIn(where.host)}:${where.port}`
    const known = 'fd' in where ? descriptorMeanings : meanings
    server.once('error', (error) => reject(explain(error, name, known)))
    server.listen(where, () => resolve())
  })

const ended = (server: HttpServer) =>
  new Promise<void>((resolve) => {
    setTimeout(() => server.closeAllConnections(), lastMilliseconds)
    server.close(() => resolve())
    server.closeIdleConnections()
  })

/**
 * Answers requests over HTTP, one for each connection. A body is not read, and no header makes the server
 * do anything.
 */
export const serveHttp = async (
  address: ListenAddress | { readonly fd: number },
  answer: (request: HttpRequest) => Promise<HttpAnswer>,
  limits: HttpLimits = usualLimits,
): Promise<HttpServing> => {
  const { connections, milliseconds, headerBytes } = limits
  const waits = new WeakMap<Socket, () => void>()
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    waits.get(request.socket)?.()
    answer(requestOf(request)).then((found) => {
      endLater(request.socket, milliseconds)
      send(response, found)
    })
  }
  const server = createServer({ maxHeaderSize: headerBytes }, respond)
  server.maxConnections = connections
  server.maxRequestsPerSocket = 1
  // Node would tell the client to go on with its body, which nobody reads.
  server.on('checkContinue', respond)
  server.on('connection', (socket) => waits.set(socket, endLater(socket, milliseconds)))
  await listening(server, address)
  return { at: serverAddress(server), end: () => ended(server) }
}
