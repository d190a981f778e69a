import { formatSize, type PageSize } from '../words/page-size.ts'

const K = 1024n
const M = K * K
const G = K * M

/** What is known of a machine that could have pages of a size but has none. */
export interface SizeFacts {
  /** The sizes that have a pool. */
  readonly sizes: readonly PageSize[]
  /** A word for the architecture: what `uname -m` prints, or the kernel's release, which may have it. */
  readonly architecture?: string
  /** Whether that word is the name itself, so that another name is another architecture. */
  readonly isNamed?: boolean
  /** The flags of the first CPU, as /proc/cpuinfo has them on x86. */
  readonly cpuFlags?: readonly string[]
}

type Advice = string | ((facts: SizeFacts) => string)

/** The sizes of one kind of kernel, which is one of several kinds of its architecture. */
interface KernelKind {
  readonly architecture: string
  /** What tells it from the other kinds of the architecture. */
  readonly kind?: string
  /** The sizes that every such kernel has a pool for. */
  readonly always: readonly PageSize[]
  /** What is needed for each of the other sizes. */
  readonly others: ReadonlyMap<PageSize, Advice>
}

/** gigantic_pages_init and arch_hugetlb_valid_size of arch/x86/mm/hugetlbpage.c. */
const gigabytePages = ({ cpuFlags }: SizeFacts): string => {
  const wanted = 'on x86_64 1G pages want the CPU flag pdpe1gb'
  if (cpuFlags === undefined)
    return `${wanted} in /proc/cpuinfo; where it is there, the pool is there from the start`
  if (!cpuFlags.includes('pdpe1gb'))
    return `${wanted}, which /proc/cpuinfo does not have; a virtual machine has it where its host passes it on (QEMU: -cpu host), and then the pool is there from the start`
  return "this CPU can have 1G pages (pdpe1gb), but this kernel makes them at boot only: 'hugepagesz=1G hugepages=N' on its command line"
}

const kinds: readonly KernelKind[] = [
  { architecture: 'x86_64', always: [2n * M], others: new Map([[G, gigabytePages]]) },
  {
    // arch_hugetlb_valid_size of arch/s390/mm/hugetlbpage.c
    architecture: 's390x',
    always: [M],
    others: new Map([
      [2n * G, "on s390x 2G pages come with 'hugepagesz=2G' on the kernel command line"],
    ]),
  },
  // hugetlbpage_init of arch/arm64/mm/hugetlbpage.c
  {
    architecture: 'arm64',
    kind: 'base pages of 4K',
    always: [64n * K, 2n * M, 32n * M, G],
    others: new Map(),
  },
  {
    architecture: 'arm64',
    kind: 'base pages of 16K',
    always: [2n * M, 32n * M, G],
    others: new Map(),
  },
  {
    architecture: 'arm64',
    kind: 'base pages of 64K',
    always: [2n * M, 512n * M, 16n * G],
    others: new Map(),
  },
  // hugetlbpage_init of arch/powerpc/mm/hugetlbpage.c
  { architecture: 'ppc64', kind: 'the radix MMU', always: [2n * M, G], others: new Map() },
  {
    architecture: 'ppc64',
    kind: 'the hash MMU',
    always: [16n * M],
    others: new Map([
      [
        16n * G,
        "on ppc64 16G pages are set aside by the firmware (in a partition, by its profile) and taken at boot, by 'hugepagesz=16G hugepages=N' on the kernel command line",
      ],
    ]),
  },
  {
    // arch/riscv/mm/hugetlbpage.c
    architecture: 'riscv64',
    always: [2n * M],
    others: new Map([
      [64n * K, 'on riscv64 64K pages want the CPU extension Svnapot'],
      [
        G,
        "on riscv64 1G pages come with 'hugepagesz=1G' on the kernel command line where the kernel was built without CONFIG_CONTIG_ALLOC",
      ],
    ]),
  },
  // include/asm/pgtable.h of arch/loongarch: one size for each base page
  { architecture: 'loongarch64', kind: 'base pages of 4K', always: [2n * M], others: new Map() },
  { architecture: 'loongarch64', kind: 'base pages of 16K', always: [32n * M], others: new Map() },
  { architecture: 'loongarch64', kind: 'base pages of 64K', always: [512n * M], others: new Map() },
  {
    // arch/sparc/mm/init_64.c
    architecture: 'sparc64',
    always: [64n * K, 8n * M, 256n * M, 2n * G],
    others: new Map([[16n * G, 'on sparc64 16G pages want a CPU that has them']]),
  },
]

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

/** The kinds that the machine can be, by the name of its architecture, else by its page sizes. */
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
 * Says what is known of a size that has no pool here: what it needs, one line for each architecture
 * that the machine can be. Empty where no architecture of these has the size.
 */
export const sizeAdvice = (size: PageSize, facts: SizeFacts): readonly string[] => {
  const possible = kindsOf(facts)
  const own = possible.filter((each) => fits(each, facts))
  return (own.length > 0 ? own : possible).flatMap((each) => adviceOf(each, size, facts) ?? [])
}
