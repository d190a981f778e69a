import { refused, usage } from '../../errors.ts'
import { formatBytes } from '../words/bytes.ts'
import { atLeastNone, type Count, fewer, namedPages, type Pages } from '../words/count.ts'
import { type NodeId, onNode } from '../words/node-list.ts'
import { formatSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { present } from '../words/present.ts'
import { attributePath } from './attributes.ts'
import { availableNow, countersOf, type Pool } from './machine.ts'
import { type PoolCount, typedFor } from './pool-counts.ts'

/** Pages of one pool to be split, on one node or wherever the kernel takes them. */
export interface DemoteStep {
  readonly node?: NodeId
  readonly path: string
  readonly requested: Pages
  /** Those of the requested pages that can be split by the counters of the snapshot. */
  readonly splittable: Pages
  /** Why no more can be split; absent where all can. */
  readonly lack?: string
}

/**
 * Returns the free pages that are not reserved. The kernel counts reservations of the whole pool
 * alone, so all of them are subtracted on each node. Kernels from 6.12 to at least 7.3 check only
 * that some page is not reserved, and then split reserved ones as well (demote_pool_huge_page in
 * mm/hugetlb.c, from 7.0 on in mm/hugetlb_sysfs.c).
 */
export const splittableOf = (pool: Pool, node?: NodeId): Pages => {
  const spare = availableNow(pool)
  if (node === undefined) return spare
  const reserved = pool.free - spare
  return atLeastNone(countersOf(pool, node).free - reserved)
}

/** Writes a count that demote does not take as it was typed. */
const typedCount = (count: Exclude<Count, { kind: 'max' }>): string => {
  if (count.kind === 'percent') return `${count.percent}%`
  return `${count.sign}${count.kind === 'pages' ? count.pages : formatBytes(count.bytes)}`
}

const askedPages = ({ pool, node, count }: PoolCount, spare: Pages): Pages => {
  const typed = typedFor(pool, node)
  if (count.kind === 'max') return spare
  if (count.kind === 'percent' || count.sign !== '')
    throw usage(
      `'${typedCount(count)}': demote takes a number of pages, as ${typed('2')}`,
      `${typed('max')} splits all that can be split`,
    )
  return namedPages(count, pool.size, typed)
}

/** Says why no more pages can be split, on a node or in the whole pool. */
const lackWords = (pool: Pool, node: NodeId | undefined): string => {
  const { free, total } = countersOf(pool, node)
  const there = onNode(node)
  if (total === 0n) return `there are none${there}`
  if (free === 0n) return `none of ${total} is free${there}`
  if (splittableOf(pool) < pool.free)
    return `free pages${there}: ${free}, reserved in the pool: ${pool.reserved ?? 0n}`
  if (free < total) return `${free} of ${total} ${free === 1n ? 'is' : 'are'} free${there}`
  return `there ${total === 1n ? 'is' : 'are'} ${total}${there}`
}

const checkDemoteSteps = (
  pool: Pool,
  wanted: readonly PoolCount[],
  steps: readonly DemoteStep[],
  all: boolean,
): void => {
  const asks = wanted.some(({ count }) => count.kind === 'max')
  const [first] = steps.filter(({ requested, splittable }) => splittable < requested)
  if ((asks || first !== undefined) && steps.every(({ splittable }) => splittable === 0n))
    throw refused(
      'short',
      `no page of ${formatSize(pool.size)} can be split: ${lackWords(pool, steps.length === 1 ? steps[0]?.node : undefined)}`,
    )
  if (all && first !== undefined)
    throw refused(
      'short',
      `only ${first.splittable} of ${plural(first.requested, 'page')} of ${formatSize(pool.size)}${onNode(first.node)} can be split: ${first.lack}`,
      'there is no way back from splitting, so --all-or-nothing splits nothing',
    )
}

/**
 * Returns the steps that split the requested pages, node by node. Together they never split more
 * than the pool has to spare. Throws E_REFUSED where nothing can be split, or with `all` where not
 * everything can, and E_USAGE for a count that is relative or a share.
 */
export const demoteSteps = (
  pool: Pool,
  wanted: readonly PoolCount[],
  all: boolean,
): readonly DemoteStep[] => {
  let spare = splittableOf(pool)
  const steps = wanted.map((one) => {
    const here = splittableOf(pool, one.node)
    const most = fewer(here, spare)
    const requested = askedPages(one, most)
    const splittable = fewer(requested, most)
    spare -= splittable
    const path = attributePath('demote', pool.size, one.node)
    const lack = splittable < requested ? lackWords(pool, one.node) : undefined
    return present({ path, requested, splittable, lack, node: one.node })
  })
  checkDemoteSteps(pool, wanted, steps, all)
  return steps
}
