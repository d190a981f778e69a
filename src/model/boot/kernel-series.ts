/**
 * The rules by which a kernel reads its command line. Each is as the latest change up to a series
 * made it.
 */
export interface LineRules {
  /** Whether counts may name nodes: `0:2,1:2`. */
  readonly nodeForm: boolean
  /**
   * Whether the kernel reads the three words of pages before all others, as many as a table holds.
   */
  readonly early: boolean
  /** What the kernel makes of `hugepages` and the like without a value. */
  readonly bare: 'unknown' | 'no-boot' | 'malformed'
  /** Whether a gigantic page comes from the node that was asked for, and from no other. */
  readonly exactNodes: boolean
  /** Whether a node with processors and no memory is taken for one that is not there. */
  readonly refusesBareNodes: boolean
  /**
   * How many threads share a count without nodes: one, two for each node, or those of
   * `hugepage_alloc_threads`. Several take it in pieces, each of which begins on the first node.
   */
  readonly pieces: 'one' | 'nodes' | 'threads'
  /**
   * Whether a number that is too large becomes the largest one. Otherwise it loses its upper bits.
   */
  readonly saturates: boolean
  /** Whether the kernel says in its log which words it does not know. */
  readonly tellsUnknown: boolean
  /**
   * How the kernel reads `hugetlb_free_vmemmap`: not at all, as `on` or `off`, or as a word for yes
   * or no, which it reads among its parameters (`core`) or before them (`early`).
   */
  readonly freeVmemmap: 'unknown' | 'on-off' | 'core' | 'early'
  /** Whether `enable` and `disable` are words for yes and no. */
  readonly enableWords: boolean
  readonly allocThreads: boolean
  readonly sysctlWords: boolean
  readonly cma: 'unknown' | 'size' | 'nodes'
  readonly cmaOnly: boolean
  /**
   * Whether the kernel refuses an area of CMA that is no multiple of a gigantic page. Otherwise it
   * rounds it up.
   */
  readonly cmaMultiples: boolean
  /**
   * Whether the kernel tells the share of a node in whole gigantic pages. The areas are the same
   * either way.
   */
  readonly cmaWholeShares: boolean
  /** Whether `20%` is a share of the memory, and only the last of several words counts. */
  readonly cmaShares: boolean
}

const oldest: LineRules = {
  nodeForm: false,
  early: false,
  bare: 'unknown',
  exactNodes: false,
  refusesBareNodes: false,
  pieces: 'one',
  saturates: false,
  tellsUnknown: false,
  freeVmemmap: 'unknown',
  enableWords: false,
  allocThreads: false,
  sysctlWords: false,
  cma: 'unknown',
  cmaOnly: false,
  cmaMultiples: false,
  cmaWholeShares: false,
  cmaShares: false,
}

/** A series of kernels: 6.12 is [6, 12]. */
export type KernelSeries = readonly [major: number, minor: number]

/** Reads `6.12`, `6.12.117` or `6.12.117-amd64`; undefined for any other text. */
export const parseSeries = (text: string): KernelSeries | undefined => {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})(?![\d])/.exec(text) ?? []
  return major === undefined ? undefined : [Number(major), Number(minor)]
}

export const formatSeries = ([major, minor]: KernelSeries): string => `${major}.${minor}`

/** What changed with which series, oldest first. */
const changes: readonly (Partial<LineRules> & { readonly since: KernelSeries })[] = [
  { since: [5, 7], cma: 'size' },
  { since: [5, 8], sysctlWords: true },
  { since: [5, 14], freeVmemmap: 'on-off', tellsUnknown: true },
  { since: [5, 16], nodeForm: true, cma: 'nodes' },
  { since: [6, 0], freeVmemmap: 'core' },
  { since: [6, 8], pieces: 'nodes' },
  {
    since: [6, 15],
    early: true,
    bare: 'no-boot',
    exactNodes: true,
    refusesBareNodes: true,
    pieces: 'threads',
    freeVmemmap: 'early',
    allocThreads: true,
    cmaOnly: true,
  },
  { since: [7, 0], bare: 'malformed', enableWords: true, cmaWholeShares: true },
  { since: [7, 2], cmaMultiples: true },
  { since: [7, 3], refusesBareNodes: false, saturates: true, cmaShares: true },
]

/** The newest series that changed a rule. Later ones are taken to have the same rules. */
export const newestSeries: KernelSeries = changes.at(-1)?.since ?? [0, 0]

const isSince = ([major, minor]: KernelSeries, [first, second]: KernelSeries): boolean =>
  major > first || (major === first && minor >= second)

/**
 * Series that read a line in the same way, from the first to the last of them; without a last one
 * all later series do.
 */
export interface SeriesRange {
  readonly from: KernelSeries
  readonly to?: KernelSeries
}

const oldestKnown: KernelSeries = [5, 10]

/** The last minor number of a major version, after which the next version came. */
const lastMinors: Readonly<Record<number, number>> = { 5: 19, 6: 19 }

const seriesBefore = ([major, minor]: KernelSeries): KernelSeries =>
  minor > 0 ? [major, minor - 1] : [major - 1, lastMinors[major - 1] ?? 0]

/** All series from 5.10 on, oldest first, in ranges that end where a rule changed. */
export const seriesRanges: readonly SeriesRange[] = [
  oldestKnown,
  ...changes.map(({ since }) => since).filter((since) => !isSince(oldestKnown, since)),
].map((from, at, all) => {
  const next = all[at + 1]
  return next === undefined ? { from } : { from, to: seriesBefore(next) }
})

/** Tells whether a series lies in a range. */
export const isInRange = (series: KernelSeries, { from, to }: SeriesRange): boolean =>
  isSince(series, from) && (to === undefined || isSince(to, series))

export const formatRange = ({ from, to }: SeriesRange): string =>
  to === undefined
    ? `${formatSeries(from)} and later`
    : formatSeries(from) === formatSeries(to)
      ? formatSeries(from)
      : `${formatSeries(from)} to ${formatSeries(to)}`

/** Long-term series, whose newest kernels tell whole shares of CMA as kernels from 7.0 on do. */
const longLived: readonly string[] = ['5.10', '5.15', '6.1', '6.6', '6.12']

/** Returns the rules by which a series reads its command line. */
export const rulesOf = (series: KernelSeries): LineRules =>
  Object.assign(
    {},
    oldest,
    ...changes.filter(({ since }) => isSince(series, since)).map(({ since: _, ...rules }) => rules),
    longLived.includes(formatSeries(series)) && { cmaWholeShares: true },
  )
