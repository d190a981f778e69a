import type { Bar } from '../bar.ts'
import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import type { ShownCounters, ShownPool } from './shown-pool.ts'

/** The free pages by what is known of them. */
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

/** The kernel counts reserved pages of the whole pool only. Where it has none, no node has any. */
const freeOfNode = (free: Pages, reserved: Pages | undefined): FreePages =>
  reserved === undefined || reserved > 0n ? { ...noneFree, free } : { ...noneFree, available: free }

/**
 * Surplus pages are a part of their own, so that all parts add up to the total. A page is not marked
 * as surplus: the kernel returns one whenever a page is freed (free_huge_folio in mm/hugetlb.c). So
 * they are taken where the bar loses least: from the pages that nobody wants, then from reserved ones,
 * and last from those in use. The last page of each part stays in it, for what is not nothing is seen.
 * Undefined where a counter is not known.
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

/** The bar of a whole pool: in use, reserved, available, surplus. */
export const poolBar = (pool: ShownPool): Bar | undefined =>
  countedBar(pool, (free) => freeOfPool(free, pool.reserved))

/** The bar of a node: as much shorter than that of its pool as it has fewer pages. */
export const nodeBar = (pool: ShownPool, counters: ShownCounters): Bar | undefined => {
  const own = countedBar(counters, (free) => freeOfNode(free, pool.reserved))
  if (own === undefined || pool.total === undefined || counters.total === undefined)
    return undefined
  const elsewhere = atLeastNone(pool.total - counters.total)
  return [...own, { part: 'elsewhere', amount: elsewhere }]
}
