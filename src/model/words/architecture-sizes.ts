import { ascending, type Bytes } from './bytes.ts'
import type { PageSize } from './page-size.ts'

const K = 1024n
const M = K * K
const G = K * M

/** The page sizes of the kernels of an architecture that have one base page and one MMU. */
export interface ArchitectureSizes {
  /** The name that `uname -m` prints. */
  readonly architecture: string
  readonly basePage: Bytes
  /** The MMU that a kernel of powerpc uses, which has two. */
  readonly mmu?: 'radix' | 'hash'
  /** The first is HPAGE_SIZE. A machine need not have all of the others. */
  readonly sizes: readonly [PageSize, ...PageSize[]]
}

/**
 * The sizes that kernels know, which arch_hugetlb_valid_size in arch/ARCHITECTURE/mm/hugetlbpage.c
 * lists. The first row of an architecture has its usual base page.
 */
export const architectureSizes: readonly ArchitectureSizes[] = [
  { architecture: 'x86_64', basePage: 4n * K, sizes: [2n * M, G] },
  { architecture: 'aarch64', basePage: 4n * K, sizes: [2n * M, 64n * K, 32n * M, G] },
  { architecture: 'aarch64', basePage: 16n * K, sizes: [32n * M, 2n * M, G] },
  { architecture: 'aarch64', basePage: 64n * K, sizes: [512n * M, 2n * M, 16n * G] },
  { architecture: 's390x', basePage: 4n * K, sizes: [M, 2n * G] },
  { architecture: 'riscv64', basePage: 4n * K, sizes: [2n * M, 64n * K, G] },
  { architecture: 'ppc64le', basePage: 64n * K, mmu: 'radix', sizes: [2n * M, G] },
  { architecture: 'ppc64le', basePage: 64n * K, mmu: 'hash', sizes: [16n * M, 16n * G] },
  // Each base page of loongarch has one size (arch/loongarch/include/asm/page.h).
  { architecture: 'loongarch64', basePage: 4n * K, sizes: [2n * M] },
  { architecture: 'loongarch64', basePage: 16n * K, sizes: [32n * M] },
  { architecture: 'loongarch64', basePage: 64n * K, sizes: [512n * M] },
  // The sizes of sparc64 are in arch/sparc/mm/init_64.c.
  {
    architecture: 'sparc64',
    basePage: 8n * K,
    sizes: [8n * M, 64n * K, 256n * M, 2n * G, 16n * G],
  },
]

/** Returns the base pages that kernels of an architecture are built for. */
export const basePagesOf = (architecture: string): readonly Bytes[] => [
  ...new Set(
    architectureSizes
      .filter((kind) => kind.architecture === architecture)
      .map(({ basePage }) => basePage),
  ),
]

/** HPAGE_SIZE of the kernels whose sizes are these, all of which have the same; nothing where none has them. */
export const hpageSizeOf = (sizes: readonly PageSize[]): PageSize | undefined => {
  const sorted = (some: readonly PageSize[]) => [...some].sort(ascending).join()
  return architectureSizes.find((kind) => sorted(kind.sizes) === sorted(sizes))?.sizes[0]
}
