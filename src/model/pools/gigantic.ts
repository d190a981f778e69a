import type { Bytes } from '../words/bytes.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'
import type { Machine } from './machine.ts'

const K = 1024n
const M = K * K

interface PagesOf {
  readonly basePage: Bytes
  /** MAX_PAGE_ORDER of include/linux/mmzone.h, or what the architecture sets instead. */
  readonly largestOrder: bigint
}

const usual: PagesOf = { basePage: 4n * K, largestOrder: 10n }

/**
 * The pages of architectures, each recognised by a size of its huge pages. The first row whose size
 * the machine has counts.
 */
const architectures: readonly (PagesOf & { readonly has: PageSize })[] = [
  // This is sparc64 (arch/sparc/include/asm/page_64.h).
  { has: 256n * M, basePage: 8n * K, largestOrder: 12n },
  // These are the three base pages of arm64 (arch/arm64/mm/hugetlbpage.c).
  { has: 512n * M, basePage: 64n * K, largestOrder: 13n },
  { has: 64n * K, ...usual },
  { has: 32n * M, basePage: 16n * K, largestOrder: 11n },
  // This is powerpc with hash tables (arch/powerpc/mm/hugetlbpage.c).
  { has: 16n * M, basePage: 64n * K, largestOrder: 8n },
]

const architecturePages = (sizes: readonly PageSize[]): PagesOf =>
  architectures.find(({ has }) => sizes.includes(has)) ?? usual

/** Returns the base page of a machine that does not show it, from the sizes of its huge pages. */
export const basePageFor = (sizes: readonly PageSize[]): Bytes => architecturePages(sizes).basePage

/** Returns the largest block of the buddy allocator where the machine does not show its blocks. */
export const largestBlockFor = (sizes: readonly PageSize[], basePage: Bytes): Bytes =>
  basePage << architecturePages(sizes).largestOrder

/**
 * Whether pages are too large for a block of the buddy allocator (hstate_is_gigantic in
 * include/linux/hugetlb.h). They are allocated in another way (alloc_gigantic_folio in
 * mm/hugetlb.c), which no cpuset confines.
 */
export const isGigantic = (
  { largestBlock }: Pick<Machine, 'largestBlock'>,
  size: PageSize,
): boolean => size > largestBlock

/**
 * Returns the only nodes that new pages of a size come from; undefined where no cpuset confines
 * them.
 */
export const confinedTo = (machine: Machine, size: PageSize): readonly NodeId[] | undefined =>
  isGigantic(machine, size) ? undefined : machine.allowedNodes
