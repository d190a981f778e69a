/** The clock by which an operation measures time and waits. */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  readonly clock: () => number
  readonly pause: (milliseconds: number) => Promise<void>
}

/** The clock of this machine. A pause of 0 ms waits for one turn of the event loop. */
export const systemClock: Clock = {
  clock: () => performance.now(),
  pause: (milliseconds) =>
    new Promise((resolve) => {
      if (milliseconds === 0) setImmediate(resolve)
      else setTimeout(resolve, milliseconds)
    }),
}
