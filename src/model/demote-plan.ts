import { refused, unsupported, usage } from '../errors.ts'
import type { Assignment } from './assignment.ts'
import { attributePath } from './attributes.ts'
import { type Count, fewer, namedPages, type Pages } from './count.ts'
import { available, countersOf, findPool, type Machine, type Pool } from './machine.ts'
import type { NodeId, NodeSelection } from './node-list.ts'
import { formatSize, type PageSize, type SizeWord } from './page-size.ts'
import { expandAssignments, type Wanted } from './targets.ts'

export interface DemoteRequest {
  readonly assignments: readonly Assignment[]
  readonly nodes?: NodeSelection
  readonly to?: SizeWord
  /** Split nothing unless all pages asked for can be split. */
  readonly all: boolean
}

/** Pages of one pool to be split, on one node or wherever the kernel takes them. */
export interface DemotePart {
  readonly node?: NodeId
  readonly path: string
  /** What was asked for, and what of it can be split by the counters of the snapshot. */
  readonly requested: Pages
  readonly splittable: Pages
}

/** Splitting pages of one pool into pages of another. `demote_size` is one setting per pool. */
export interface DemoteTask {
  readonly size: PageSize
  readonly to: PageSize
  readonly sizePath: string
  /** What `demote_size` says now, where that differs from `to`. */
  readonly putBack?: PageSize
  readonly parts: readonly DemotePart[]
}

/**
 * Free pages that nobody reserved, on the node too. Kernels from 6.8 to at least 7.3 check only
 * that some page is unreserved and then split reserved ones as well (mm/hugetlb.c,
 * demote_pool_huge_page); on a node they compare its free pages with the global reservation.
 */
export const splittableOf = (pool: Pool, node?: NodeId): Pages => {
  const spare = available(pool) ?? pool.free
  if (node === undefined) return spare
  const reserved = pool.free - spare
  const onNode = countersOf(pool, node).free - reserved
  return onNode > 0n ? onNode : 0n
}

/** Writes a size as the kernel prints it. */
export const kilobytesOf = (size: PageSize): string => `${size / 1024n}kB`

const askedPages = ({ pool, count }: Wanted, spare: Pages): Pages => {
  const word = (one: Count) => ('sign' in one ? one.sign : one.kind)
  if (count.kind === 'max') return spare
  if (count.kind === 'percent' || count.sign !== '')
    throw usage(
      `demote takes a number of pages, not ${word(count)}`,
      'write it as in 1G=2 or 1G=max',
    )
  return namedPages(count, pool.size)
}

const targetOf = (machine: Machine, pool: Pool, to: SizeWord | undefined): PageSize => {
  const size = formatSize(pool.size)
  if (pool.demoteSize === undefined)
    throw unsupported(
      `${size} pages cannot be split here`,
      'the kernel needs 5.16 or later, and a smaller page size to split into',
    )
  if (to === undefined) return pool.demoteSize
  const target = findPool(machine.pools, to)
  if (target.size >= pool.size)
    throw usage(`${size} pages cannot be split into ${formatSize(target.size)} pages`)
  return target.size
}

const noneWords = (pool: Pool, node: NodeId | undefined) => {
  const place = node === undefined ? '' : ` on node ${node}`
  const { free, total } = countersOf(pool, node)
  const size = formatSize(pool.size)
  const why =
    free === 0n
      ? `${total === 0n ? 'there are none' : `all ${total} are in use`}${place}`
      : `free pages${place}: ${free}, reserved in the pool: ${pool.reserved ?? 0n}`
  return refused(`no page of ${size} can be split: ${why}`)
}

const checkParts = (pool: Pool, parts: readonly DemotePart[], all: boolean): void => {
  const wanting = parts.filter(({ requested, splittable }) => splittable < requested)
  const [first] = wanting
  if (first === undefined) return
  if (wanting.length === parts.length && parts.every(({ splittable }) => splittable === 0n))
    throw noneWords(pool, first.node)
  if (all)
    throw refused(
      `only ${first.splittable} of ${first.requested} pages of ${formatSize(pool.size)} can be split`,
      'there is no way back from splitting, so --all-or-nothing splits nothing',
    )
}

const partsOf = (pool: Pool, wanted: readonly Wanted[], all: boolean): readonly DemotePart[] => {
  let spare = splittableOf(pool)
  const parts = wanted.map((one) => {
    const here = splittableOf(pool, one.node)
    const most = fewer(here, spare)
    const requested = askedPages(one, most)
    const splittable = fewer(requested, most)
    spare -= splittable
    const path = attributePath('demote', pool.size, one.node)
    return { path, requested, splittable, ...(one.node !== undefined && { node: one.node }) }
  })
  checkParts(pool, parts, all)
  return parts
}

/**
 * What a demote would write. Throws E_UNSUPPORTED for a pool without demote, E_USAGE for a count or
 * target that makes no sense, E_REFUSED where no page can be split.
 */
export const planDemote = (machine: Machine, request: DemoteRequest): readonly DemoteTask[] => {
  const wanted = expandAssignments(machine, request.assignments, request.nodes)
  const pools = [...new Set(wanted.map(({ pool }) => pool))]
  const largestFirst = pools.sort((a, b) => Number(b.size > a.size) - Number(b.size < a.size))
  return largestFirst.map((pool) => {
    const to = targetOf(machine, pool, request.to)
    const ofPool = wanted.filter((one) => one.pool === pool)
    return {
      size: pool.size,
      to,
      sizePath: attributePath('demote_size', pool.size),
      ...(pool.demoteSize !== undefined && pool.demoteSize !== to && { putBack: pool.demoteSize }),
      parts: partsOf(pool, ofPool, request.all),
    }
  })
}

/** A number of pages, or a size as the kernel prints it. */
export interface DemoteWrite {
  readonly path: string
  readonly value: Pages | string
}

/** The writes of a demote, in order. */
export const demoteWrites = (tasks: readonly DemoteTask[]): readonly DemoteWrite[] =>
  tasks.flatMap(({ sizePath, to, putBack, parts }) => {
    const writes = parts
      .filter(({ splittable }) => splittable > 0n)
      .map(({ path, splittable }): DemoteWrite => ({ path, value: splittable }))
    if (putBack === undefined || writes.length === 0) return writes
    const set = { path: sizePath, value: kilobytesOf(to) }
    return [set, ...writes, { path: sizePath, value: kilobytesOf(putBack) }]
  })
