import { fewer, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { availableNow, type Counters, countersOf, type Pool } from './machine.ts'

/**
 * Returns the surplus pages of a node that are free. No page is marked as surplus, so as many free
 * pages as there is surplus count as these. They stay in the pool, because the kernel gives surplus
 * back only when a page in use is freed (free_huge_folio in mm/hugetlb.c).
 */
export const freeSurplusOf = ({ surplus, free }: Counters): Pages => fewer(surplus, free)

/** Returns the surplus pages of a pool that are free, node by node where there are nodes. */
export const freeSurplus = (pool: Pool): Pages =>
  pool.nodes.length > 0
    ? pool.nodes.reduce((sum, on) => sum + freeSurplusOf(on), 0n)
    : freeSurplusOf(pool)

/** Returns the surplus pages, of a pool or on a node, that nobody uses or has reserved. */
export const idleSurplus = (pool: Pool, node?: NodeId): Pages =>
  fewer(
    node === undefined ? freeSurplus(pool) : freeSurplusOf(countersOf(pool, node)),
    availableNow(pool),
  )
