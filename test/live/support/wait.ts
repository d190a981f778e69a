import { isDeepStrictEqual } from 'node:util'
import { patience } from './needs.ts'

/** Ten seconds, more under emulation. */
const limit = 10_000 * patience

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds))

/** Milliseconds between two looks. An emulated processor has little time beside them for who is waited for. */
const betweenLooks = patience === 1 ? 5 : 20

/** A program that is waited for begins late where a busy machine reads its files from disk. */
const longest = 3 * limit

/** Waits until a condition holds; throws after half a minute, later under emulation. */
export const until = async (
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> => {
  const started = performance.now()
  while (!(await condition())) {
    if (performance.now() - started > longest) throw new Error(`never came: ${what}`)
    await pause(betweenLooks)
  }
}

/**
 * Reads until that is what is wanted, for ten seconds, and gives what was read
 * last: pages with an optimised vmemmap come back a little later.
 */
export const settled = async <T>(read: () => T, wanted: T): Promise<T> => {
  const started = performance.now()
  for (;;) {
    const isLast = performance.now() - started > limit
    const found = read()
    if (isLast || isDeepStrictEqual(found, wanted)) return found
    await pause(betweenLooks)
  }
}
