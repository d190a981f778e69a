import { approximateBytes, type Bytes } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { formatSize } from '../words/page-size.ts'
import { availableNow, type Pool } from './machine.ts'

/** What /proc/buddyinfo shows of a node after a growth fell short. */
export interface Shortage {
  readonly node: NodeId
  readonly free: Bytes
  /** Larger than any block the kernel keeps and counts. */
  readonly gigantic: boolean
  /** Pages that lie ready in free blocks; absent where no block holds one or that is not known. */
  readonly ready?: Pages
}

const nodeWords = ({ node, free, gigantic, ready }: Shortage, size: string): string => {
  const words = `node ${node} has ${approximateBytes(free)} free`
  if (gigantic) return `${words}; blocks of ${size} are not counted by the kernel`
  if (ready === undefined) return words
  return `${words}, with ${ready} contiguous ${ready === 1n ? 'block' : 'blocks'} of ${size}`
}

const poolsInTheWay = (pool: Pool, pools: readonly Pool[]): readonly Pool[] =>
  pools.filter((other) => other.size < pool.size && availableNow(other) > 0n)

/** Sizes that no buddy block holds come from ranges without any page of another pool before 7.0. */
const otherPoolWords = (pool: Pool, pools: readonly Pool[]): readonly string[] => {
  const sizes = poolsInTheWay(pool, pools).map(({ size }) => formatSize(size))
  if (sizes.length === 0) return []
  const size = formatSize(pool.size)
  return [
    `kernels before 7.0 cannot use memory that another pool occupies: shrink ${sizes.join(', ')} first, then grow ${size}`,
  ]
}

/** Why a growth fell short, as far as the kernel shows it. */
export const shortageHints = (pool: Pool, shortages: readonly Shortage[]): readonly string[] =>
  shortages.map((shortage) => nodeWords(shortage, formatSize(pool.size)))

export interface ShortageFacts {
  readonly pools: readonly Pool[]
  /** Whether memory was compacted already. */
  readonly compacted: boolean
  /** The major version of the kernel, where it is known. */
  readonly release: number | undefined
}

/** From here on the kernel moves pages of other pools out of the way (mm/page_alloc.c). */
const movesOtherPools = 7

/** What to try next. */
export const shortageAdvice = (
  pool: Pool,
  shortages: readonly Shortage[],
  { pools, compacted, release }: ShortageFacts,
): readonly string[] => {
  const gigantic = shortages.some((shortage) => shortage.gigantic)
  const blocked = gigantic && (release ?? 0) < movesOtherPools
  return [
    ...(blocked ? otherPoolWords(pool, pools) : []),
    ...(compacted ? [] : ['--compact asks the kernel to make contiguous memory and tries again']),
  ]
}
