import { fewer, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { availableNow, type Counters, countersOf, type Pool } from './machine.ts'

/**
 * Returns the surplus pages of a node that are free. No counter tells which pages are surplus, so
 * these are the ones beyond the persistent pages and beyond those in use: a free one of them is not
 * asked for. The kernel returns surplus only when a page in use is freed, so they stay.
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
