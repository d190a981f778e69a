/** The microseconds that this process was on a processor for a call, however busy the machine is. */
export const cpuSpent = (call: () => unknown): number => {
  const start = process.cpuUsage()
  call()
  const { user, system } = process.cpuUsage(start)
  return user + system
}

/**
 * The least that any of three calls took. One of them may have to compile its code or to collect
 * garbage, which a measure for others is to be without.
 */
export const leastSpent = (call: () => unknown): number =>
  Math.min(...[1, 2, 3].map(() => cpuSpent(call)))
