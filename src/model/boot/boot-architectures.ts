import { type ArchitectureSizes, architectureSizes } from '../words/architecture-sizes.ts'
import type { Bytes } from '../words/bytes.ts'
import type { PageSize } from '../words/page-size.ts'

const K = 1024n

/** What of an architecture decides how its kernels read a line. */
interface LineFacts {
  /** MAX_PAGE_ORDER of include/linux/mmzone.h, or what the architecture sets instead, by base page. */
  readonly largestOrders: ReadonlyMap<Bytes, bigint>
  /** HUGE_MAX_HSTATE of the architecture's page.h or hugetlb.h. */
  readonly mostSizes: number
  /** COMMAND_LINE_SIZE of the architecture's setup.h; of s390 what it is without a choice. */
  readonly lineSize: number
  /** Whether it has ARCH_WANT_OPTIMIZE_HUGETLB_VMEMMAP in its Kconfig; arm64 and s390 gave it up. */
  readonly freesVmemmap: boolean
}

/** What the architecture of a kernel, and the base page that it was built for, decide at its start. */
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
  // 2 * CONFIG_PGTABLE_LEVELS - 1 since the sizes of Svnapot are known.
  riscv64: { largestOrders: small, mostSizes: 9, lineSize: 1024, freesVmemmap: true },
  ppc64le: {
    largestOrders: new Map([[64n * K, 8n]]),
    mostSizes: 15,
    lineSize: 2048,
    freesVmemmap: false,
  },
}

/** The usual base page is the first. */
const kinds: readonly BootArchitecture[] = architectureSizes.flatMap((known) => {
  const facts = factsOf[known.architecture]
  const largestOrder = facts?.largestOrders.get(known.basePage)
  if (facts === undefined || largestOrder === undefined) return []
  const { mostSizes, lineSize, freesVmemmap } = facts
  return [{ ...known, largestOrder, mostSizes, lineSize, freesVmemmap }]
})

/** The architectures whose lines can be read for another machine. */
export const knownArchitectures: readonly string[] = [
  ...new Set(kinds.map(({ architecture }) => architecture)),
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
