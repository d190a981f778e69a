import { refused, usage } from '../../errors.ts'
import { type Pool, persistent } from '../pools/machine.ts'
import { type Bytes, formatBytes, isBytes, largestNumber, parseBytes } from '../words/bytes.ts'
import { type Rounding, roundedPages, wholePages } from '../words/count.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'

/** A limit as it was typed: an amount of memory, or a share of the pool's persistent pages. */
export type MountLimit =
  | {
      readonly kind: 'memory'
      readonly bytes: Bytes
      /** What becomes of a part of a page; absent where that is an error. */
      readonly round?: Rounding
    }
  | { readonly kind: 'percent'; readonly percent: bigint }

const mountLimitForms = 'a limit is written as 8G, 512M or 50% (of the persistent pages)'

/** Reads AMOUNT or N%. Throws E_USAGE where the whole text is neither of them. */
export const parseMountLimit = (text: string): MountLimit => {
  const percent = /^(0|[1-9][0-9]{0,5})%$/.exec(text)?.[1]
  if (percent !== undefined) return { kind: 'percent', percent: BigInt(percent) }
  if (/^[1-9][0-9]*%$/.test(text)) throw usage(`'${text}' is too large: a share is at most 999999%`)
  const bytes = parseBytes(text)
  if (bytes === undefined && isBytes(text))
    throw usage(`'${text}' is too large: a limit is less than 8E`)
  if (bytes === undefined) throw usage(`'${text}' is not a limit`, mountLimitForms)
  return { kind: 'memory', bytes }
}

/**
 * Returns a limit whose amount of memory is to be rounded to whole pages. A share is not changed:
 * it is always rounded down.
 */
export const roundedLimit = (limit: MountLimit, round: Rounding | undefined): MountLimit =>
  limit.kind === 'memory' && round !== undefined ? { ...limit, round } : limit

/** Returns the hint for a resize of a pool to a number of persistent pages. */
export const resizeHint = (pool: Pool, pages: bigint): string =>
  `'hugepool resize ${formatSize(pool.size)}=${pages}' makes room`

const tooLittle = {
  size: 'no file could have one',
  'min-size': 'it would guarantee nothing',
} as const

const amountBytes = (
  { bytes, round }: Extract<MountLimit, { kind: 'memory' }>,
  pageSize: PageSize,
  name: keyof typeof tooLittle,
): Bytes => {
  const typed = `--${name} ${formatBytes(bytes)}`
  const written = (amount: string) => `'--${name} ${amount}' or --round up`
  const pages = round && roundedPages(bytes, pageSize, round)
  if (pages !== undefined && pages * pageSize > largestNumber)
    throw usage(`${typed} rounded up is too large: a limit is less than 8E`)
  if (pages !== undefined && pages > 0n) return pages * pageSize
  if (bytes >= pageSize) return wholePages(bytes, pageSize, `${typed}:`, written) * pageSize
  const size = formatSize(pageSize)
  throw usage(
    `${typed} is less than a page of ${size}: ${tooLittle[name]}`,
    bytes > 0n ? `the least is ${size}, which --round up takes` : `the least is ${size}`,
    'not-whole',
  )
}

/**
 * Converts a limit to bytes of whole pages. A share is rounded down, as hugetlbfs_size_to_hpages in
 * fs/hugetlbfs/inode.c does. Less than a page is an error: the kernel would make it a limit of 0,
 * with which no file can have a page. Throws E_USAGE for an amount that is no whole number of
 * pages, and E_REFUSED for a share that is less than a page of the pool as it is now.
 */
export const limitBytes = (limit: MountLimit, pool: Pool, name: keyof typeof tooLittle): Bytes => {
  const size = formatSize(pool.size)
  if (limit.kind === 'memory') return amountBytes(limit, pool.size, name)
  if (limit.percent === 0n)
    throw usage(`--${name}: 0% is no page: ${tooLittle[name]}`, `without --${name} there is none`)
  const pages = (persistent(pool) * limit.percent) / 100n
  if (pages > 0n) return pages * pool.size
  throw refused(
    'short',
    `--${name}: ${limit.percent}% of the ${plural(persistent(pool), 'persistent page')} of ${size} is less than a page`,
    `'hugepool resize ${size}=${(100n + limit.percent - 1n) / limit.percent}' makes it one page; '--${name} ${size}' is one page of any pool`,
  )
}
