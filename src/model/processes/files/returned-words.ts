import type { Pages } from '../../words/count.ts'
import { plural } from '../../words/plural.ts'

/** What came back to the pools, of all sizes together. */
export interface ReturnedToPools {
  readonly pages: Pages
  readonly reservations: Pages
  /** Surplus pages, which left the pools for the rest of memory. */
  readonly leftPool: Pages
}

/** Says how many files were removed and what came back thereby. */
export const removedWords = (removed: number, returned: ReturnedToPools): string => {
  const { pages, reservations, leftPool } = returned
  const parts = [
    `${plural(pages, 'page')} came back`,
    ...(leftPool > 0n ? [`${leftPool} of them left the pools, as they were surplus`] : []),
    ...(reservations > 0n ? [`${plural(reservations, 'reservation')} ended`] : []),
  ]
  return `removed ${plural(BigInt(removed), 'file')}: ${parts.join(', ')}`
}
