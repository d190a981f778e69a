import type { Bytes } from '../words/bytes.ts'
import type { PageSize } from '../words/page-size.ts'

const K = 1024n
const M = K * K
const G = K * M

/** What the architecture of a kernel, and the base page that it was built for, decide at its start. */
export interface BootArchitecture {
  /** The name that `uname -m` prints. */
  readonly architecture: string
  readonly basePage: Bytes
  /** HPAGE_SIZE is the first one; the others need not all be had. */
  readonly sizes: readonly [PageSize, ...PageSize[]]
  /** MAX_PAGE_ORDER of include/linux/mmzone.h, or what the architecture sets instead. */
  readonly largestOrder: bigint
  /** HUGE_MAX_HSTATE of the architecture's page.h or hugetlb.h. */
  readonly mostSizes: number
  /** COMMAND_LINE_SIZE of the architecture's setup.h; of s390 what it is without a choice. */
  readonly lineSize: number
  /** Whether it has ARCH_WANT_OPTIMIZE_HUGETLB_VMEMMAP in its Kconfig; arm64 and s390 gave it up. */
  readonly freesVmemmap: boolean
}

/** By arch_hugetlb_valid_size in arch/ARCHITECTURE/mm/hugetlbpage.c; the usual base page is the first. */
const kinds: readonly BootArchitecture[] = [
  {
    architecture: 'x86_64',
    basePage: 4n * K,
    sizes: [2n * M, G],
    largestOrder: 10n,
    mostSizes: 2,
    lineSize: 2048,
    freesVmemmap: true,
  },
  {
    architecture: 'aarch64',
    basePage: 4n * K,
    sizes: [2n * M, 64n * K, 32n * M, G],
    largestOrder: 10n,
    mostSizes: 4,
    lineSize: 2048,
    freesVmemmap: false,
  },
  {
    architecture: 'aarch64',
    basePage: 16n * K,
    sizes: [32n * M, 2n * M, G],
    largestOrder: 11n,
    mostSizes: 4,
    lineSize: 2048,
    freesVmemmap: false,
  },
  {
    architecture: 'aarch64',
    basePage: 64n * K,
    sizes: [512n * M, 2n * M, 16n * G],
    largestOrder: 13n,
    mostSizes: 4,
    lineSize: 2048,
    freesVmemmap: false,
  },
  {
    architecture: 's390x',
    basePage: 4n * K,
    sizes: [M, 2n * G],
    largestOrder: 10n,
    mostSizes: 2,
    lineSize: 4096,
    freesVmemmap: false,
  },
  {
    // 2 * CONFIG_PGTABLE_LEVELS - 1 since the sizes of Svnapot are known.
    architecture: 'riscv64',
    basePage: 4n * K,
    sizes: [2n * M, 64n * K, G],
    largestOrder: 10n,
    mostSizes: 9,
    lineSize: 1024,
    freesVmemmap: true,
  },
  {
    architecture: 'ppc64le',
    basePage: 64n * K,
    sizes: [2n * M, G],
    largestOrder: 8n,
    mostSizes: 15,
    lineSize: 2048,
    freesVmemmap: false,
  },
  {
    // The MMU with hash tables.
    architecture: 'ppc64le',
    basePage: 64n * K,
    sizes: [16n * M, 16n * G],
    largestOrder: 8n,
    mostSizes: 15,
    lineSize: 2048,
    freesVmemmap: false,
  },
]

/** The architectures whose lines can be read for another machine. */
export const knownArchitectures: readonly string[] = [
  ...new Set(kinds.map(({ architecture }) => architecture)),
]

/** The base pages that kernels of an architecture are built for. */
export const basePagesOf = (architecture: string): readonly Bytes[] => [
  ...new Set(
    kinds.filter((kind) => kind.architecture === architecture).map(({ basePage }) => basePage),
  ),
]

/** Returns the kind of an architecture with a base page, or with its usual one. */
export const findBootArchitecture = (
  architecture: string,
  basePage?: Bytes,
): BootArchitecture | undefined =>
  kinds.find(
    (kind) =>
      kind.architecture === architecture && (basePage === undefined || kind.basePage === basePage),
  )

/** What of a running kernel tells its kind. */
export interface ArchitectureFacts {
  readonly architecture?: string
  readonly basePage: Bytes
  readonly sizes: readonly PageSize[]
}

/** Returns the kind of a running kernel, all of whose sizes have a pool; undefined for one that is not known. */
export const bootArchitectureOf = ({
  architecture,
  basePage,
  sizes,
}: ArchitectureFacts): BootArchitecture | undefined =>
  kinds.find(
    (kind) =>
      (architecture === undefined || kind.architecture === architecture) &&
      kind.basePage === basePage &&
      sizes.every((size) => kind.sizes.includes(size)),
  )

/** How many words of pages the early table of a kernel holds (struct hugetlb_cmdline in mm/hugetlb.c). */
export const wordsKeptBy = (kind: BootArchitecture | undefined): number =>
  2 * (kind?.mostSizes ?? 1) + 1

/** How many characters of a line a kernel keeps; of a kind that is not known as many as any does. */
export const lineKeptBy = (kind: BootArchitecture | undefined): number =>
  (kind?.lineSize ?? Math.max(...kinds.map(({ lineSize }) => lineSize))) - 1
