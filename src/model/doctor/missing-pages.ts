import type { Pages } from '../words/count.ts'
import { plural } from '../words/plural.ts'

/** Returns `3 of 8 pages are missing`, which the words for a node may follow. */
export const missingPages = (missing: Pages, all: Pages): string =>
  `${missing} of ${plural(all, 'page')} ${missing === 1n ? 'is' : 'are'} missing`
