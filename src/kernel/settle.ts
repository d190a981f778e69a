/** The texts of files read in one go, by which two readings are compared, and what they mean. */
export interface Reading<T> {
  readonly texts: readonly string[]
  readonly value: T
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
  let last = read()
  let sensible = last.value
  for (let readings = 1; readings < mostReadings; readings += 1) {
    const next = read()
    if (agree(last.texts, next.texts)) return { value: next.value, settled: true }
    last = next
    if (plausible(next.value)) sensible = next.value
  }
  return { value: sensible, settled: false }
}
