import { HugepoolError } from '../../errors.ts'
import { serveHttp } from '../../kernel/telemetry/http-server.ts'
import {
  type HttpAnswer,
  type HttpRequest,
  plainAnswer,
  routeOf,
  wantsOpenMetrics,
} from '../../model/telemetry/http-route.ts'
import type { ListenAddress } from '../../model/telemetry/listen-address.ts'
import type { Ports } from '../ports.ts'
import { sharedLook } from './shared-look.ts'

/** A look in both formats, each as the body of an answer. */
export interface ServedLook {
  readonly openmetrics: HttpAnswer
  readonly prometheus: HttpAnswer
}

/** How long one look is the answer to all requests, in milliseconds. */
const lookMilliseconds = 1000

/** The time between two looks whether a signal asks for the end, in milliseconds. */
const signalMilliseconds = 200

const answersBy =
  (look: () => Promise<ServedLook>) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    switch (routeOf(request)) {
      case 'metrics': {
        const { openmetrics, prometheus } = await look()
        return wantsOpenMetrics(request) ? openmetrics : prometheus
      }
      case 'index':
        return plainAnswer(200, 'hugepool: the metrics are at /metrics')
      case 'refused':
        return { ...plainAnswer(405, 'only GET is answered'), allow: 'GET' }
      case 'unknown':
        return plainAnswer(404, 'the metrics are at /metrics')
    }
  }

/** Turns an error of a look into an answer, because the next look may succeed. */
const failing =
  ({ note }: Ports, answer: (request: HttpRequest) => Promise<HttpAnswer>) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    try {
      return await answer(request)
    } catch (error) {
      if (error instanceof HugepoolError) return plainAnswer(503, error.message)
      note(`a request failed: ${error}`)
      return plainAnswer(500, 'a fault of hugepool')
    }
  }

/**
 * Serves looks over HTTP until a signal asks for the end. Throws where it cannot listen, as `serveHttp`
 * does. A socket that was passed to this process is listened on in the place of the address.
 */
export const serveMetrics = async (
  ports: Ports,
  address: ListenAddress,
  look: () => Promise<ServedLook>,
): Promise<void> => {
  const passed = await ports.passedSocket?.()
  const signals = ports.watchSignals()
  const shared = sharedLook(ports.clock, lookMilliseconds, look)
  const listenAt = passed === undefined ? address : { fd: passed }
  const serving = await serveHttp(listenAt, failing(ports, answersBy(shared)))
  ports.note(`metrics are served at http://${serving.at}/metrics`)
  while (signals.pending() === undefined) await ports.pause(signalMilliseconds)
  await serving.end()
}
