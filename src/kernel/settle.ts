/** The texts of files read in one go, by which two readings are compared, and what they mean. */
export interface Reading<T> {
  readonly texts: readonly string[]
  readonly parse: () => T
}

/** Counters that change through this many readings are busier than waiting would help. */
const mostReadings = 16

const agree = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, index) => text === b[index])

/**
 * The kernel gives each counter at its own moment, without a common lock: they are read again
 * until two readings agree. Where none do, the last plausible one stands, marked as not settled.
 */
export const settle = <T>(
  read: () => Reading<T>,
  plausible: (value: T) => boolean,
): { readonly value: T; readonly settled: boolean } => {
  const readings = [read()]
  while (readings.length < mostReadings) {
    const next = read()
    if (agree(readings.at(-1)?.texts ?? [], next.texts))
      return { value: next.parse(), settled: true }
    readings.push(next)
  }
  const values = readings.map(({ parse }) => parse())
  return { value: values.findLast(plausible) ?? (values.at(-1) as T), settled: false }
}
