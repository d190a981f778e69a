/** Time, as it passes for an operation. */
export interface Clock {
  /** Milliseconds from some fixed moment. */
  readonly clock: () => number
  readonly pause: (milliseconds: number) => Promise<void>
}

/** The time of this machine. A pause of nothing is one turn of the event loop. */
export const systemClock: Clock = {
  clock: () => performance.now(),
  pause: (milliseconds) =>
    new Promise((resolve) => {
      if (milliseconds === 0) setImmediate(resolve)
      else setTimeout(resolve, milliseconds)
    }),
}
