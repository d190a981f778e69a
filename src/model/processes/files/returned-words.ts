import { returnedPages } from '../../mounts/umount-change.ts'
import type { Pool } from '../../pools/machine.ts'
import type { Pages } from '../../words/count.ts'
import { plural } from '../../words/plural.ts'

/** What came back to the pools, of all sizes together. */
export interface ReturnedToPools {
  readonly pages: Pages
  readonly reservations: Pages
  /** Surplus pages, which left the pools for the rest of memory. */
  readonly leftPool: Pages
}

/** Adds up what came back to pools, by what they were before and are after. */
export const returnedSum = (before: readonly Pool[], after: readonly Pool[]): ReturnedToPools => {
  const each = before.flatMap((pool) => {
    const now = after.find(({ size }) => size === pool.size)
    return now === undefined ? [] : [returnedPages(pool, now)]
  })
  const sum = (key: keyof ReturnedToPools) => each.reduce((all, one) => all + one[key], 0n)
  return { pages: sum('pages'), reservations: sum('reservations'), leftPool: sum('leftPool') }
}

/** Says how many files or segments were removed and what came back thereby. */
export const removedWords = (removed: number, returned: ReturnedToPools, noun = 'file'): string => {
  const { pages, reservations, leftPool } = returned
  const parts = [
    `${plural(pages, 'page')} came back`,
    ...(leftPool > 0n
      ? [
          `${leftPool} of them left the pools, as ${leftPool === 1n ? 'it was' : 'they were'} surplus`,
        ]
      : []),
    ...(reservations > 0n ? [`${plural(reservations, 'reservation')} ended`] : []),
  ]
  return `removed ${plural(BigInt(removed), noun)}: ${parts.join(', ')}`
}
