import type { Bytes } from '../words/bytes.ts'
import { atLeastNone } from '../words/count.ts'
import type { Pool } from './machine.ts'

/**
 * The bytes of a page struct. The kernel frees none where this is no power of two
 * (mm/hugetlb_vmemmap.c).
 */
const structPage = 64n

/**
 * Returns the bytes that the kernel would save if it freed the page structs of all pages of a pool.
 * It keeps one base page of them for each huge page (hugetlb_vmemmap_optimizable_size in
 * mm/hugetlb_vmemmap.h, 5.14).
 */
export const vmemmapSavings = (
  { size, total }: Pick<Pool, 'size' | 'total'>,
  basePage: Bytes,
): Bytes => atLeastNone((size / basePage) * structPage - basePage) * total

/** In bytes. Less is not worth a word, for a page that saves memory takes some to be freed. */
const leastSavings = 16n * 1024n ** 2n

/** Returns the bytes that pools would save together; undefined where that is not worth a word. */
export const worthwhileSavings = (
  pools: readonly Pick<Pool, 'size' | 'total'>[],
  basePage: Bytes,
): Bytes | undefined => {
  const saved = pools.reduce((sum, pool) => sum + vmemmapSavings(pool, basePage), 0n)
  return saved < leastSavings ? undefined : saved
}
