import { usage } from '../../errors.ts'
import {
  type Bytes,
  decimalPattern,
  formatAmount,
  formatBytes,
  isBytes,
  largestNumber,
  parseBytes,
} from './bytes.ts'
import { formatSize, type PageSize } from './page-size.ts'

/** A number of pages of one size. */
export type Pages = bigint

/** Returns the smaller number; Math.min does not accept bigint. */
export const fewer = (a: Pages, b: Pages): Pages => (a < b ? a : b)

/** Returns 0 for a negative number of pages. */
export const atLeastNone = (pages: Pages): Pages => (pages > 0n ? pages : 0n)

export type Sign = '' | '+' | '-'

/** The directions in which --round takes an amount that is no whole number of pages. */
export const roundings = ['up', 'down'] as const
export type Rounding = (typeof roundings)[number]

/**
 * A count as it was typed after the `=`. Its meaning in pages depends on the pool and the machine.
 */
export type Count =
  | { readonly kind: 'pages'; readonly sign: Sign; readonly pages: Pages }
  | {
      readonly kind: 'memory'
      readonly sign: Sign
      readonly bytes: Bytes
      /** What becomes of a part of a page; absent where that is an error. */
      readonly round?: Rounding
    }
  | { readonly kind: 'percent'; readonly percent: bigint }
  | { readonly kind: 'max' }

export const pagesCount = (pages: Pages): Count => ({ kind: 'pages', sign: '', pages })

export const countForms =
  'a count is written as 512, 8G, 25% or max; resize and overcommit take +64, -64, +2G, -2G too'

const percentPattern = /^(0|[1-9][0-9]*)%$/

const parsePercent = (digits: string, text: string): Count => {
  const percent = BigInt(digits)
  if (percent > 100n) throw usage(`'${text}' is more than all of the memory`, countForms)
  return { kind: 'percent', percent }
}

const parsePages = (digits: string, sign: Sign, text: string): Count => {
  const pages = BigInt(digits)
  if (pages > largestNumber)
    throw usage(`'${text}' is too large: a count is at most ${largestNumber} pages`)
  return { kind: 'pages', sign, pages }
}

/** Reads COUNT. Throws E_USAGE where the whole text is not one of its forms. */
export const parseCount = (text: string): Count => {
  if (text === 'max') return { kind: 'max' }
  const percent = percentPattern.exec(text)?.[1]
  if (percent !== undefined) return parsePercent(percent, text)
  const sign: Sign = text.startsWith('+') ? '+' : text.startsWith('-') ? '-' : ''
  const number = text.slice(sign.length)
  if (decimalPattern.test(number)) return parsePages(number, sign, text)
  const bytes = parseBytes(number)
  if (bytes === undefined && isBytes(number))
    throw usage(`'${text}' is too large: an amount of memory is less than 8E`)
  if (bytes === undefined) throw usage(`'${text}' is not a count`, countForms)
  return { kind: 'memory', sign, bytes }
}

/** The amounts of whole pages around an amount; the one above is absent where it is too large. */
const neighbours = (bytes: Bytes, size: PageSize) => {
  const below = bytes - (bytes % size)
  const above = below + size
  return {
    below: formatBytes(below),
    above: above > largestNumber ? undefined : formatBytes(above),
  }
}

/**
 * Converts bytes to whole pages. Throws E_USAGE naming the two nearest amounts where a part of a
 * page is left, because the kernel would round down. `what` names the amount, and `advice` says
 * what takes the larger one.
 */
export const wholePages = (
  bytes: Bytes,
  size: PageSize,
  what = `${formatAmount(bytes)} is`,
  advice?: (amount: string) => string,
): Pages => {
  if (bytes % size === 0n) return bytes / size
  const { below, above } = neighbours(bytes, size)
  const words = `${what} not a whole number of ${formatSize(size)} pages`
  if (above === undefined) throw usage(words, `the nearest amount is ${below}`, 'not-whole')
  const enough = advice === undefined ? '' : `; ${advice(above)} takes the larger`
  throw usage(words, `the nearest amounts are ${below} and ${above}${enough}`, 'not-whole')
}

/** Converts bytes to whole pages in a direction that was asked for. */
export const roundedPages = (bytes: Bytes, size: PageSize, round: Rounding): Pages =>
  bytes / size + (round === 'up' && bytes % size > 0n ? 1n : 0n)

/**
 * Returns the number of pages in a plain or relative count; percentages and `max` have none.
 * `typed` writes the assignment with another amount. Throws E_USAGE where a part of a page is left.
 */
export const namedPages = (
  count: Extract<Count, { sign: Sign }>,
  size: PageSize,
  typed?: (amount: string) => string,
): Pages => {
  if (count.kind === 'pages') return count.pages
  const { bytes, round, sign } = count
  return round === undefined
    ? wholePages(
        bytes,
        size,
        undefined,
        typed && ((to) => `${typed(`${sign}${to}`)} or --round up`),
      )
    : roundedPages(bytes, size, round)
}
