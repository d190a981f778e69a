import { unsupported, usage } from '../../errors.ts'
import { hpageSizeOf } from '../words/architecture-sizes.ts'
import { kilobytesOf } from '../words/bytes.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { attributePath } from './attributes.ts'
import { findPool, type Pool, type PoolSet, sysfsHint } from './machine.ts'

/** A step that changes the size into which pages of a pool are split. */
export interface DemoteSizeStep {
  readonly size: PageSize
  readonly path: string
  readonly before: PageSize
  readonly requested: PageSize
}

/**
 * Returns the size that pages of a pool are split into. Throws E_UNSUPPORTED where they are not.
 */
export const splitSizeOf = (pool: Pool): PageSize => {
  const size = formatSize(pool.size)
  if (pool.onlyInProc)
    throw unsupported('not-shown', `what splits ${size} pages cannot be seen here`, sysfsHint)
  if (pool.demoteSize !== undefined) return pool.demoteSize
  throw unsupported(
    'no-feature',
    `${size} pages cannot be split here`,
    'the kernel needs 5.16 or later, and a smaller page size to split into',
  )
}

const cannot = (size: PageSize, to: PageSize): string =>
  `${formatSize(size)} pages cannot be split into ${formatSize(to)} pages`

/** Throws E_USAGE unless pages of `to` are smaller than those of `size`. */
export const checkSmaller = (size: PageSize, to: PageSize): void => {
  if (to >= size) throw usage(cannot(size, to))
}

/**
 * Throws E_UNSUPPORTED where the kernel sets no such part: demote_size_store in mm/hugetlb_sysfs.c takes none
 * below HUGETLB_PAGE_SIZE. What it begins with can be one: on arm64 pages of 1G come apart into 32M, those into
 * 2M, and those into 64K.
 */
export const checkTaken = (from: PoolSet, pool: Pool, to: PageSize): void => {
  const least = hpageSizeOf(from.pools.map(({ size }) => size))
  if (to === pool.demoteSize || least === undefined || to >= least) return
  const steps = `the kernel goes no further than ${formatSize(least)} at once; those pages are split in turn`
  throw unsupported('no-feature', `${cannot(pool.size, to)} at once`, steps)
}

/**
 * Plans a change of the size that `demote` splits pages of a pool into (demote_size_store in
 * mm/hugetlb_sysfs.c). Throws E_UNSUPPORTED where the pool cannot be split or no pool has the other
 * size, and E_USAGE where that size is not smaller.
 */
export const planDemoteSize = (from: PoolSet, size: PageSize, to: PageSize): DemoteSizeStep => {
  const pool = findPool(from, size)
  const before = splitSizeOf(pool)
  const requested = findPool(from, to).size
  checkSmaller(size, requested)
  return { size, path: attributePath('demote_size', size), before, requested }
}

/** Returns the text that is written to `demote_size`. */
export const demoteSizeText = ({ requested }: DemoteSizeStep): string => kilobytesOf(requested)
