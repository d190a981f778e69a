import { type ArchitectureSizes, architectureSizes } from '../words/architecture-sizes.ts'
import type { Bytes } from '../words/bytes.ts'
import type { PageSize } from '../words/page-size.ts'

const K = 1024n

/** The facts about an architecture that decide how its kernels read a line. */
interface LineFacts {
  /**
   * The largest order of the buddy allocator by base page: MAX_PAGE_ORDER of
   * include/linux/mmzone.h, or what the architecture sets instead.
   */
  readonly largestOrders: ReadonlyMap<Bytes, bigint>
  /**
   * The most page sizes that a kernel can have: HUGE_MAX_HSTATE of the architecture's page.h or
   * hugetlb.h.
   */
  readonly mostSizes: number
  /**
   * The size of the buffer for a line and the octet that ends it: COMMAND_LINE_SIZE of the
   * architecture's setup.h. On s390 it can be configured, and this is its default.
   */
  readonly lineSize: number
  /**
   * Whether the architecture has ARCH_WANT_OPTIMIZE_HUGETLB_VMEMMAP in its Kconfig. arm64 and s390
   * had it, and gave it up.
   */
  readonly freesVmemmap: boolean
}

/**
 * What the architecture of a kernel, and the base page that it was built for, decide at its start.
 */
export interface BootArchitecture extends ArchitectureSizes, Omit<LineFacts, 'largestOrders'> {
  readonly largestOrder: bigint
}

const small: LineFacts['largestOrders'] = new Map([[4n * K, 10n]])

const factsOf: Readonly<Record<string, LineFacts>> = {
  x86_64: { largestOrders: small, mostSizes: 2, lineSize: 2048, freesVmemmap: true },
  aarch64: {
    largestOrders: new Map([
      [4n * K, 10n],
      [16n * K, 11n],
      [64n * K, 13n],
    ]),
    mostSizes: 4,
    lineSize: 2048,
    freesVmemmap: false,
  },
  s390x: { largestOrders: small, mostSizes: 2, lineSize: 4096, freesVmemmap: false },
  // HUGE_MAX_HSTATE is 2 * CONFIG_PGTABLE_LEVELS - 1 since kernels know the sizes of Svnapot.
  riscv64: { largestOrders: small, mostSizes: 9, lineSize: 1024, freesVmemmap: true },
  ppc64le: {
    largestOrders: new Map([[64n * K, 8n]]),
    mostSizes: 15,
    lineSize: 2048,
    freesVmemmap: false,
  },
}

/** All kinds of kernels. Of one architecture the kind with the usual base page comes first. */
const kinds: readonly BootArchitecture[] = architectureSizes.flatMap((known) => {
  const facts = factsOf[known.architecture]
  const largestOrder = facts?.largestOrders.get(known.basePage)
  if (facts === undefined || largestOrder === undefined) return []
  const { mostSizes, lineSize, freesVmemmap } = facts
  return [{ ...known, largestOrder, mostSizes, lineSize, freesVmemmap }]
})

/** The architectures that can be named in order to have a line read for another machine. */
export const knownArchitectures: readonly string[] = [
  ...new Set(kinds.map(({ architecture }) => architecture)),
]

/**
 * Finds the kind of kernel that an architecture has with a base page, or with its usual one;
 * undefined for one that is not known.
 */
export const findBootArchitecture = (
  architecture: string,
  basePage?: Bytes,
): BootArchitecture | undefined =>
  kinds.find(
    (kind) =>
      kind.architecture === architecture && (basePage === undefined || kind.basePage === basePage),
  )

/** The facts about a running kernel that tell its kind. */
export interface ArchitectureFacts {
  readonly architecture?: string
  readonly basePage: Bytes
  readonly sizes: readonly PageSize[]
}

/**
 * Finds the kind of a running kernel by its base page and by the sizes of its pools, all of which
 * the kind has to have; undefined for a kind that is not known.
 */
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

/**
 * Counts the words of pages that the early table of a kernel holds (struct hugetlb_cmdline in
 * mm/hugetlb.c). A kind that is not known is taken for one with a single page size.
 */
export const wordsKeptBy = (kind: BootArchitecture | undefined): number =>
  2 * (kind?.mostSizes ?? 1) + 1

/**
 * Counts the characters of a line that a kernel keeps. A kind that is not known is taken for the
 * one that keeps most.
 */
export const lineKeptBy = (kind: BootArchitecture | undefined): number =>
  (kind?.lineSize ?? Math.max(...kinds.map(({ lineSize }) => lineSize))) - 1
