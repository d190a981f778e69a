/**
 * The texts of files that are read together, and a function that parses them. Two samples are
 * compared by their texts.
 */
export interface Sample<T> {
  readonly texts: readonly string[]
  /**
   * Tells whether a rule of the kernel proves that all texts are of one moment. It has to be called
   * right after they were read.
   */
  readonly isProven?: () => boolean
  readonly parse: () => T
}

/** The most samples. Counters that still change after so many would not agree in further ones. */
const mostSamples = 16

export const agree = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, index) => text === b[index])

/**
 * Reads counters until two successive samples agree, because the kernel shows each counter at its
 * own moment, without a common lock. A first sample that is proven is enough. Where no two samples
 * agree, the last plausible one is returned and marked as not settled.
 */
export const settle = <T>(
  read: () => Sample<T>,
  plausible: (value: T) => boolean,
): { readonly value: T; readonly settled: boolean } => {
  const first = read()
  if (first.isProven?.()) return { value: first.parse(), settled: true }
  const samples = [first]
  while (samples.length < mostSamples) {
    const next = read()
    if (agree(samples.at(-1)?.texts ?? [], next.texts))
      return { value: next.parse(), settled: true }
    samples.push(next)
  }
  const values = samples.map(({ parse }) => parse())
  return { value: values.findLast(plausible) ?? (values.at(-1) as T), settled: false }
}
