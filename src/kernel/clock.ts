import { hrtime } from 'node:process'

/** The clock by which an operation measures time, waits, and tells how old a file is. */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  readonly clock: () => number
  /** Milliseconds since 1970, by a clock that can be set back while an operation runs. */
  readonly now: () => number
  readonly pause: (milliseconds: number) => Promise<void>
}

/**
 * The clock of this machine. A pause of 0 ms waits for one turn of the event loop. `performance` is
 * not used, because its first use loads eleven modules of Node and makes a start 2 ms longer.
 */
export const systemClock: Clock = {
  clock: () => Number(hrtime.bigint()) / 1e6,
  now: Date.now,
  pause: (milliseconds) =>
    new Promise((resolve) => {
      if (milliseconds === 0) setImmediate(resolve)
      else setTimeout(resolve, milliseconds)
    }),
}
