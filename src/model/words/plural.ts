import type { Pages } from './count.ts'

/** Returns a number with its noun: `1 page`, `2 pages`. */
export const plural = (count: Pages | number, one: string, many = `${one}s`): string =>
  `${count} ${BigInt(count) === 1n ? one : many}`

/** Returns the verb behind a number: 1 page is, 2 pages are. */
export const isAre = (count: Pages): string => (count === 1n ? 'is' : 'are')
