import { refused, usage } from '../../../errors.ts'
import { checkHasPool, findNode, findPool, type Machine, memoryNodes } from '../../pools/machine.ts'
import { memoryless } from '../../pools/memoryless-node.ts'
import { type Bytes, roundedUp } from '../../words/bytes.ts'
import type { Pages } from '../../words/count.ts'
import type { NodeSelection } from '../../words/node-list.ts'
import type { PageSize } from '../../words/page-size.ts'
import { plural } from '../../words/plural.ts'
import type { Policy } from '../../words/policy.ts'
import { present } from '../../words/present.ts'
import { type CopyRequest, sourceName, standardStream, targetName } from './copy-request.ts'
import { bytesIn, type DataRange, wholePageRanges } from './data-range.ts'

/** What was seen of the file that is copied. */
export interface SourceFacts {
  readonly path: string
  /** The length of the file; absent for standard input, whose length is not known. */
  readonly bytes?: Bytes
  /** The bytes that it occupies, which for a file with holes are fewer than its length. */
  readonly held?: Bytes
  /** Where it has data; absent where the file system does not show its holes. */
  readonly ranges?: readonly DataRange[]
  /** The size of its pages; absent where it is not on hugetlbfs. */
  readonly pageSize?: PageSize
}

/** What was seen of the place that it is copied to. */
export interface TargetFacts {
  readonly path: string
  /** The size of its pages; absent where it is not on hugetlbfs. */
  readonly pageSize?: PageSize
  /** Whether a file is there. */
  readonly exists: boolean
}

/** The steps of a copy, in this order. Of the last two each copy has one. */
export const copySteps = [
  'create',
  'reserve',
  'copy',
  'verify',
  'preserve',
  'replace',
  'name',
] as const
export type CopyStep = (typeof copySteps)[number]

/** What a copy will do, known before it starts. What is not known of a stream is absent. */
export interface CopyPlan {
  readonly source: string
  readonly target: string
  /**
   * Whether the target is on hugetlbfs. Otherwise the source is, and `pageSize` is of its pages.
   */
  readonly onto: boolean
  readonly pageSize: PageSize
  /** The length of the source. */
  readonly bytes?: Bytes
  /** The length that the target will have: whole pages on hugetlbfs. */
  readonly length?: Bytes
  /** The bytes of the source that are read. */
  readonly ranges?: readonly DataRange[]
  /** The whole pages that the target needs, as bytes; absent where only copying shows them. */
  readonly reserved?: readonly DataRange[]
  /** The pages that the target needs on hugetlbfs, or that the source has there. */
  readonly pages?: Pages
  /** Whether a page of zeros becomes a hole, because the source does not show its own holes. */
  readonly skipsZeros: boolean
  readonly policy?: Policy
  readonly steps: readonly CopyStep[]
}

const policyFor = (
  machine: Machine,
  size: PageSize,
  selection: NodeSelection | undefined,
): Policy | undefined => {
  if (selection === undefined) return undefined
  const pool = findPool(machine, size)
  const nodes = selection === 'all' ? memoryNodes(machine).map(({ id }) => id) : selection
  for (const node of nodes) {
    if (!findNode(machine, node).hasMemory) throw memoryless(machine, node)
    checkHasPool(pool, node)
  }
  return { mode: 'bind', nodes }
}

const neither = ({ source, target }: CopyRequest): Error =>
  usage(
    `neither ${sourceName(source)} nor ${targetName(target)} is on hugetlbfs`,
    "'cp' copies on other file systems",
    'other-type',
  )

const stepsOf = (request: CopyRequest, target: TargetFacts, reserves: boolean) => {
  if (request.target === standardStream) return ['copy'] as const
  return [
    'create',
    ...(reserves ? (['reserve'] as const) : []),
    'copy',
    ...(request.verify ? (['verify'] as const) : []),
    ...(request.preserve ? (['preserve'] as const) : []),
    target.exists ? 'replace' : 'name',
  ] as const
}

const checkReplaces = ({ force }: CopyRequest, { path, exists }: TargetFacts): void => {
  if (exists && !force) throw refused('exists', `${path}: is there already`, '--force replaces it')
}

/** Returns the pages that a file of hugetlbfs has. Pages that nobody has touched are holes. */
const pagesHeld = ({ held }: SourceFacts, size: PageSize): Pages | undefined =>
  held === undefined ? undefined : held / size

/** Returns the size of the pages, and whether the target or the source has them. */
const sideOf = (
  request: CopyRequest,
  source: SourceFacts,
  target: TargetFacts,
): Pick<CopyPlan, 'onto' | 'pageSize'> => {
  if (target.pageSize !== undefined) return { onto: true, pageSize: target.pageSize }
  if (source.pageSize === undefined) throw neither(request)
  if (request.nodes !== undefined)
    throw usage('--node places pages, and the target is not on hugetlbfs')
  return { onto: false, pageSize: source.pageSize }
}

/** Returns what is read of the source. For a target without holes, a stream, that is all of it. */
const readPart = (
  { target }: CopyRequest,
  { bytes, held = 0n, ranges }: SourceFacts,
): Pick<CopyPlan, 'skipsZeros' | 'ranges'> => {
  if (bytes === undefined) return { skipsZeros: false }
  const whole = bytes === 0n ? [] : [{ from: 0n, to: bytes }]
  const isStream = target === standardStream
  return {
    skipsZeros: !isStream && ranges === undefined && held < bytes,
    ranges: isStream ? whole : (ranges ?? whole),
  }
}

/** Returns the length of the target and the pages that it needs, as far as they are known. */
const neededOnto = (
  size: PageSize,
  bytes: Bytes | undefined,
  { skipsZeros, ranges }: Pick<CopyPlan, 'skipsZeros' | 'ranges'>,
): Pick<CopyPlan, 'length' | 'reserved' | 'pages'> => {
  if (bytes === undefined) return {}
  const length = roundedUp(bytes, size)
  if (ranges === undefined || skipsZeros) return { length }
  const reserved = wholePageRanges(ranges, size)
  return { length, reserved, pages: bytesIn(reserved) / size }
}

/**
 * Plans a copy. Throws E_USAGE where neither side is on hugetlbfs or nodes are named for a target
 * that is not, E_REFUSED where a file is there that was not to be replaced, and E_UNSUPPORTED for
 * nodes that the machine lacks.
 */
export const planCopy = (
  machine: Machine,
  request: CopyRequest,
  source: SourceFacts,
  target: TargetFacts,
): CopyPlan => {
  const side = sideOf(request, source, target)
  const { onto, pageSize } = side
  checkReplaces(request, target)
  const read = readPart(request, source)
  const { bytes } = source
  const needed = onto
    ? neededOnto(pageSize, bytes, read)
    : { length: bytes, pages: pagesHeld(source, pageSize) }
  return present({
    source: source.path,
    target: target.path,
    bytes,
    ...side,
    ...read,
    ...needed,
    policy: onto ? policyFor(machine, pageSize, request.nodes) : undefined,
    steps: stepsOf(request, target, 'reserved' in needed && needed.reserved.length > 0),
  })
}

/** Says that a file of hugetlbfs is longer than its source, because it has whole pages. */
export const roundingWords = (
  { onto, target, pageSize }: CopyPlan,
  bytes: Bytes,
  pageName: string,
): readonly string[] => {
  const added = onto ? roundedUp(bytes, pageSize) - bytes : 0n
  if (added === 0n) return []
  return [
    `${target}: rounded up to whole pages of ${pageName}: ${plural(added, 'zero byte')} at the end that the source does not have`,
  ]
}
