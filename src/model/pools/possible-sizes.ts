import {
  type ArchitectureSizes,
  architectureSizes,
  basePagesOf,
} from '../words/architecture-sizes.ts'
import { formatBytes } from '../words/bytes.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'

const K = 1024n
const G = K * K * K

/** What is known of a machine that could have pages of a size but has none. */
export interface SizeFacts {
  /** The sizes that have a pool. */
  readonly sizes: readonly PageSize[]
  /**
   * A word for the architecture: what `uname -m` prints, or the kernel's release, which may have
   * it.
   */
  readonly architecture?: string
  /** Whether that word is the name itself, so that another name is another architecture. */
  readonly isNamed?: boolean
  /** The flags of the first CPU, as /proc/cpuinfo has them on x86. */
  readonly cpuFlags?: readonly string[]
}

type Advice = string | ((facts: SizeFacts) => string)

/**
 * The sizes of one kind of kernel. An architecture has several where its base pages or MMUs differ.
 */
interface KernelKind {
  readonly architecture: string
  /** The words that set it apart from the other kinds; absent where the architecture has one. */
  readonly kind?: string
  /** The sizes that every such kernel has a pool for. */
  readonly always: readonly PageSize[]
  /** What is needed for each of the other sizes. */
  readonly others: ReadonlyMap<PageSize, Advice>
}

/**
 * Says what x86_64 needs for 1G pages (gigantic_pages_init and arch_hugetlb_valid_size of
 * arch/x86/mm/hugetlbpage.c).
 */
const gigabytePages = ({ cpuFlags }: SizeFacts): string => {
  const wanted = 'on x86_64 1G pages want the CPU flag pdpe1gb'
  if (cpuFlags === undefined)
    return `${wanted} in /proc/cpuinfo; where it is there, the pool is there from the start`
  if (!cpuFlags.includes('pdpe1gb'))
    return `${wanted}, which /proc/cpuinfo does not have; a virtual machine has it where its host passes it on (QEMU: -cpu host), and then the pool is there from the start`
  return "this CPU can have 1G pages (pdpe1gb), but this kernel makes them at boot only: 'hugepagesz=1G hugepages=N' on its command line"
}

/** The names of architectures in sentences, where uname(2) has other ones. */
const spokenNames: Readonly<Record<string, string>> = { aarch64: 'arm64', ppc64le: 'ppc64' }

/** What a size needs of a machine or its kernel, where not every one has a pool of it. */
const conditions: Readonly<Record<string, ReadonlyMap<PageSize, Advice>>> = {
  x86_64: new Map([[G, gigabytePages]]),
  // The rule is in arch_hugetlb_valid_size of arch/s390/mm/hugetlbpage.c.
  s390x: new Map([
    [2n * G, "on s390x 2G pages come with 'hugepagesz=2G' on the kernel command line"],
  ]),
  // The rule is in hugetlbpage_init of arch/powerpc/mm/hugetlbpage.c.
  ppc64: new Map([
    [
      16n * G,
      "on ppc64 16G pages are set aside by the firmware (in a partition, by its profile) and taken at boot, by 'hugepagesz=16G hugepages=N' on the kernel command line",
    ],
  ]),
  // The rules are in arch/riscv/mm/hugetlbpage.c.
  riscv64: new Map([
    [64n * K, 'on riscv64 64K pages want the CPU extension Svnapot'],
    [
      G,
      "on riscv64 1G pages come with 'hugepagesz=1G' on the kernel command line where the kernel was built without CONFIG_CONTIG_ALLOC",
    ],
  ]),
  sparc64: new Map([[16n * G, 'on sparc64 16G pages want a CPU that has them']]),
}

/** Returns the words that set a kind apart from the other kinds of its architecture. */
const kindWords = ({ architecture, basePage, mmu }: ArchitectureSizes): string | undefined => {
  if (mmu !== undefined) return `the ${mmu} MMU`
  return basePagesOf(architecture).length > 1 ? `base pages of ${formatBytes(basePage)}` : undefined
}

const kinds: readonly KernelKind[] = architectureSizes.map((known) => {
  const architecture = spokenNames[known.architecture] ?? known.architecture
  const needs = conditions[architecture] ?? new Map<PageSize, Advice>()
  return {
    architecture,
    ...present({ kind: kindWords(known) }),
    always: known.sizes.filter((size) => !needs.has(size)),
    others: new Map([...needs].filter(([size]) => known.sizes.includes(size))),
  }
})

/** The names that kernels and distributions give to an architecture. */
const names: Readonly<Record<string, RegExp>> = {
  x86_64: /(?<![^-._+])(?:x86_64|amd64)(?![^-._+])/,
  s390x: /(?<![^-._+])s390x(?![^-._+])/,
  arm64: /(?<![^-._+])(?:aarch64|arm64)(?![^-._+])/,
  ppc64: /(?<![^-._+])(?:ppc|powerpc)64(?:le|el)?(?![^-._+])/,
  riscv64: /(?<![^-._+])riscv64(?![^-._+])/,
  loongarch64: /(?<![^-._+])loong(?:arch)?64(?![^-._+])/,
  sparc64: /(?<![^-._+])sparc64(?![^-._+])/,
}

/** Whether a machine of that kind could show these sizes and no others. */
const fits = ({ always, others }: KernelKind, { sizes }: SizeFacts): boolean =>
  always.every((size) => sizes.includes(size)) &&
  sizes.every((size) => always.includes(size) || others.has(size))

/** Returns the kinds that the machine can be, by its architecture's name or else its page sizes. */
const kindsOf = (facts: SizeFacts): readonly KernelKind[] => {
  const { architecture: word = '' } = facts
  const named = kinds.filter(({ architecture }) => names[architecture]?.test(word))
  return named.length > 0 || facts.isNamed ? named : kinds.filter((each) => fits(each, facts))
}

const has = ({ always, others }: KernelKind, size: PageSize): boolean =>
  always.includes(size) || others.has(size)

/** Says which kinds of the architecture have the size where the kind of this machine has not. */
const otherKinds = ({ architecture, kind }: KernelKind, size: PageSize): string | undefined => {
  const others = kinds
    .filter((each) => each.architecture === architecture && has(each, size))
    .flatMap((each) => each.kind ?? [])
  return kind === undefined || others.length === 0
    ? undefined
    : `on ${architecture} ${formatSize(size)} pages want a kernel with ${others.join(' or ')}; this one has ${kind}`
}

const adviceOf = (own: KernelKind, size: PageSize, facts: SizeFacts): string | undefined => {
  const advice = own.others.get(size)
  if (advice !== undefined) return typeof advice === 'string' ? advice : advice(facts)
  return own.always.includes(size) ? undefined : otherKinds(own, size)
}

/**
 * Says what a size that has no pool here needs, in one line for each kind of kernel that the
 * machine can have. Returns nothing where no such kind has the size.
 */
export const sizeAdvice = (size: PageSize, facts: SizeFacts): readonly string[] => {
  const possible = kindsOf(facts)
  const own = possible.filter((each) => fits(each, facts))
  return (own.length > 0 ? own : possible).flatMap((each) => adviceOf(each, size, facts) ?? [])
}
