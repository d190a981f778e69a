import { unsupported, usage } from '../../errors.ts'
import { ascending, kilobytesOf } from '../words/bytes.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { attributePath } from './attributes.ts'
import { findPool, type Pool, type PoolSet, sysfsHint } from './machine.ts'

/** The size that a pool's pages are split into, and the one that is asked for. */
export interface DemoteSizeStep {
  readonly size: PageSize
  readonly path: string
  readonly before: PageSize
  readonly requested: PageSize
}

/** Returns the size that pages of a pool are split into. Throws E_UNSUPPORTED where they are not. */
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

/**
 * The smallest size that the kernel splits pages into: HUGETLB_PAGE_SIZE (demote_size_store in
 * mm/hugetlb_sysfs.c, since 5.16). No pool of it or below has files of demote, and of those below the one to split
 * it is the largest. On arm64 that is 2M, with pools of 64K below.
 */
const leastPart = ({ pools }: PoolSet, size: PageSize): PageSize | undefined =>
  pools
    .filter((pool) => pool.size < size && pool.demoteSize === undefined && !pool.onlyInProc)
    .map((pool) => pool.size)
    .sort(ascending)
    .at(-1)

/** Throws E_USAGE unless one size can be a part of the other, E_UNSUPPORTED where the kernel makes no such parts. */
export const checkSmaller = (from: PoolSet, size: PageSize, to: PageSize): void => {
  const parts = `${formatSize(size)} pages cannot be split into ${formatSize(to)} pages`
  if (to >= size) throw usage(parts)
  const least = leastPart(from, size)
  if (least === undefined || to >= least) return
  throw unsupported(
    'no-feature',
    `${parts} here`,
    `the smallest that they are split into is ${formatSize(least)}`,
  )
}

/**
 * Plans what sets the size that `demote` splits pages of a pool into (`demote_size` in
 * mm/hugetlb_sysfs.c). Throws E_UNSUPPORTED where the pool cannot be split, or has no such part.
 */
export const planDemoteSize = (from: PoolSet, size: PageSize, to: PageSize): DemoteSizeStep => {
  const pool = findPool(from, size)
  const before = splitSizeOf(pool)
  const requested = findPool(from, to).size
  checkSmaller(from, size, requested)
  return { size, path: attributePath('demote_size', size), before, requested }
}

/** The text that is written to the file. */
export const demoteSizeText = ({ requested }: DemoteSizeStep): string => kilobytesOf(requested)
