import { approximateBytes, type Bytes } from '../words/bytes.ts'
import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { availableNow, type Pool } from './machine.ts'

/** The state of a node in /proc/buddyinfo after a growth fell short. */
export interface Shortage {
  readonly node: NodeId
  readonly free: Bytes
  /** True for pages larger than any block that the kernel keeps and counts. */
  readonly gigantic: boolean
  /**
   * The number of pages that free blocks can hold; absent where no block is large enough for one or
   * that is not known.
   */
  readonly ready?: Pages
}

/** Memory is in pieces where blocks of the size are less than a quarter of what is free. */
const fewParts = 4n

export const readyIn = (blocks: readonly Shortage[]): Pages =>
  blocks.reduce((sum, { ready = 0n }) => sum + ready, 0n)

/**
 * Whether free memory is in pieces too small for the pages. For gigantic ones that is not known.
 */
export const isInPieces = (blocks: readonly Shortage[], size: PageSize, wanted: Pages): boolean => {
  const ready = readyIn(blocks)
  const free = blocks.reduce((sum, one) => sum + one.free, 0n)
  if (blocks.some(({ gigantic }) => gigantic)) return false
  return ready < wanted && ready * size * fewParts < free
}

const nodeWords = ({ node, free, gigantic, ready }: Shortage, size: string): string => {
  const words = `node ${node} has ${approximateBytes(free)} free`
  if (gigantic) return `${words}; blocks of ${size} are not counted by the kernel`
  if (ready === undefined) return words
  return `${words}, with ${plural(ready, 'contiguous block')} of ${size}`
}

/** Returns the pages that a pool can give up on a node: free ones that are not reserved. */
const givenOn = (pool: Pool, id: NodeId): Pages => {
  const on = pool.nodes.find(({ node }) => node === id)
  const free = pool.nodes.length === 0 ? availableNow(pool) : (on?.free ?? 0n)
  return fewer(free, atLeastNone(availableNow(pool)))
}

/**
 * Whether the memory of a node would do for more gigantic pages if `pools` gave up what they can
 * there. Memory that is too little for one page is not what is missing.
 */
const wouldGain = ({ node, free }: Shortage, size: PageSize, pools: readonly Pool[]): boolean => {
  const given = pools.reduce((sum, pool) => sum + givenOn(pool, node) * pool.size, 0n)
  return (free + given) / size > free / size
}

/**
 * Returns the pools of smaller pages that could give up pages on a node where gigantic pages are
 * short. A pool that had none to give before the call was not in the way: what the call itself adds
 * to smaller pools comes after the larger pages.
 */
const poolsInTheWay = (
  { size }: Pool,
  shortages: readonly Shortage[],
  { pools, before }: Pick<ShortageFacts, 'pools' | 'before'>,
): readonly Pool[] => {
  const giving = (node: NodeId) => {
    const had = before.filter((one) => givenOn(one, node) > 0n).map((one) => one.size)
    return pools.filter(
      (one) => one.size < size && had.includes(one.size) && givenOn(one, node) > 0n,
    )
  }
  const found = shortages
    .map((shortage) => ({ shortage, its: giving(shortage.node) }))
    .flatMap(({ shortage, its }) => (wouldGain(shortage, size, its) ? its : []))
  return pools.filter((one) => found.includes(one))
}

/** Before 7.0 the kernel finds no gigantic page in a range that contains a page of another pool. */
const otherPoolWords = (
  pool: Pool,
  shortages: readonly Shortage[],
  facts: ShortageFacts,
): readonly string[] => {
  const sizes = poolsInTheWay(pool, shortages, facts).map(({ size }) => formatSize(size))
  if (sizes.length === 0) return []
  const size = formatSize(pool.size)
  return [
    `kernels before 7.0 cannot use memory that another pool occupies: shrink ${sizes.join(', ')} first, then grow ${size}`,
  ]
}

/** Describes why a growth fell short, as far as the kernel shows it. */
export const shortageHints = (pool: Pool, shortages: readonly Shortage[]): readonly string[] =>
  shortages.map((shortage) => nodeWords(shortage, formatSize(pool.size)))

export interface ShortageFacts {
  readonly pools: readonly Pool[]
  /** The pools before the call. */
  readonly before: readonly Pool[]
  /** Whether memory has been compacted already. */
  readonly compacted: boolean
  /** The major version of the kernel, where it is known. */
  readonly release: number | undefined
}

/**
 * The major version from which the kernel moves pages of other pools out of the way
 * (mm/page_alloc.c).
 */
const movesOtherPools = 7

/** Returns advice on what to try next. */
export const shortageAdvice = (
  pool: Pool,
  shortages: readonly Shortage[],
  facts: ShortageFacts,
): readonly string[] => {
  const { compacted, release } = facts
  const gigantic = shortages.some((shortage) => shortage.gigantic)
  const blocked = gigantic && (release ?? 0) < movesOtherPools
  return [
    ...(blocked ? otherPoolWords(pool, shortages, facts) : []),
    ...(compacted ? [] : ['--compact asks the kernel to make contiguous memory and tries again']),
  ]
}
