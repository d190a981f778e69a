import type { Pages } from './count.ts'

/** Returns a number with its noun: `1 page`, `2 pages`. */
export const plural = (count: Pages | number, one: string, many = `${one}s`): string =>
  `${count} ${BigInt(count) === 1n ? one : many}`
