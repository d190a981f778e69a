/** The texts of files read in one go, by which two samples are compared, and what they mean. */
export interface Sample<T> {
  readonly texts: readonly string[]
  readonly parse: () => T
}

/** Counters that change through this many samples are busier than waiting would help. */
const mostSamples = 16

const agree = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, index) => text === b[index])

/**
 * The kernel gives each counter at its own moment, without a common lock: they are read again
 * until two samples agree. Where none do, the last plausible one stands, marked as not settled.
 */
export const settle = <T>(
  read: () => Sample<T>,
  plausible: (value: T) => boolean,
): { readonly value: T; readonly settled: boolean } => {
  const samples = [read()]
  while (samples.length < mostSamples) {
    const next = read()
    if (agree(samples.at(-1)?.texts ?? [], next.texts))
      return { value: next.parse(), settled: true }
    samples.push(next)
  }
  const values = samples.map(({ parse }) => parse())
  return { value: values.findLast(plausible) ?? (values.at(-1) as T), settled: false }
}
