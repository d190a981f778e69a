import type { Bar } from '../bar.ts'
import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import type { ShownCounters, ShownPool } from './shown-pool.ts'

/** The free pages of a pool or node; `free` has those of which neither of the others is known. */
interface FreePages {
  readonly reserved: Pages
  readonly free: Pages
  readonly available: Pages
}

const noneFree: FreePages = { reserved: 0n, free: 0n, available: 0n }

const freeOfPool = (free: Pages, reserved: Pages | undefined): FreePages => {
  if (reserved === undefined) return { ...noneFree, free }
  const promised = fewer(atLeastNone(reserved), free)
  return { ...noneFree, reserved: promised, available: free - promised }
}

/**
 * The kernel counts the reserved pages of the whole pool only. Where that has none, no node has
 * any; otherwise it is not known how many of the free pages of a node are reserved.
 */
const freeOfNode = (free: Pages, reserved: Pages | undefined): FreePages =>
  reserved === undefined || reserved > 0n ? { ...noneFree, free } : { ...noneFree, available: free }

/**
 * Returns the parts of a bar, which add up to the total; undefined where a counter is not known.
 * Surplus is a part of its own, but no page is marked as surplus: the kernel gives one back
 * whenever a page is freed (free_huge_folio in mm/hugetlb.c). So the part takes its pages from the
 * available ones first, then from reserved ones, and last from those in use. It leaves one page in
 * each part, so that no part that has pages disappears.
 */
const countedBar = (
  { total, free, surplus }: ShownCounters,
  freeOf: (free: Pages) => FreePages,
): Bar | undefined => {
  if (total === undefined || free === undefined || surplus === undefined) return undefined
  const pages = freeOf(free)
  let left = surplus
  const without = (all: Pages): Pages => {
    const taken = fewer(left, atLeastNone(all - 1n))
    left -= taken
    return all - taken
  }
  const available = without(pages.available)
  const unknown = without(pages.free)
  const reserved = without(pages.reserved)
  const inUse = without(atLeastNone(total - free))
  return [
    { part: 'inUse', amount: inUse },
    { part: 'reserved', amount: reserved },
    { part: 'free', amount: unknown },
    { part: 'available', amount: available },
    { part: 'surplus', amount: surplus - left },
  ]
}

/** Returns the bar of a whole pool: in use, reserved, available, surplus. */
export const poolBar = (pool: ShownPool): Bar | undefined =>
  countedBar(pool, (free) => freeOfPool(free, pool.reserved))

/**
 * Returns the bar of a node, which is shorter than that of its pool by the pages of other nodes.
 */
export const nodeBar = (pool: ShownPool, counters: ShownCounters): Bar | undefined => {
  const own = countedBar(counters, (free) => freeOfNode(free, pool.reserved))
  if (own === undefined || pool.total === undefined || counters.total === undefined)
    return undefined
  const elsewhere = atLeastNone(pool.total - counters.total)
  return [...own, { part: 'elsewhere', amount: elsewhere }]
}
