import type { Streams } from './output/streams.ts'

/** Finds the socket that was passed to the process of these streams, where it is asked for. */
export const socketOf =
  ({ environment, pid = 0 }: Streams) =>
  async (): Promise<number | undefined> => {
    const { passedSocket } = await import('./model/telemetry/passed-socket.ts')
    return passedSocket(environment, pid)
  }
