import type { Bytes } from '../words/bytes.ts'
import { atLeastNone } from '../words/count.ts'
import type { Pool } from './machine.ts'

/** sizeof(struct page), where the kernel can free any (mm/hugetlb_vmemmap.c wants a power of two). */
const structPage = 64n

/**
 * The memory that the kernel would not need if it freed the page structs of all pages of a pool: of
 * each huge page one base page of them is kept (hugetlb_vmemmap_optimizable_size in
 * mm/hugetlb_vmemmap.h, 5.14).
 */
export const vmemmapSavings = (
  { size, total }: Pick<Pool, 'size' | 'total'>,
  basePage: Bytes,
): Bytes => atLeastNone((size / basePage) * structPage - basePage) * total

/** Less is not worth a word, nor that freeing a page takes memory then. */
const leastSavings = 16n * 1024n ** 2n

/** What pools save together; undefined where that is not worth it. */
export const worthwhileSavings = (
  pools: readonly Pick<Pool, 'size' | 'total'>[],
  basePage: Bytes,
): Bytes | undefined => {
  const saved = pools.reduce((sum, pool) => sum + vmemmapSavings(pool, basePage), 0n)
  return saved < leastSavings ? undefined : saved
}
