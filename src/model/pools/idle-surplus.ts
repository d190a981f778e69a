import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import { plural } from '../words/plural.ts'
import { countersOf, idleSurplus, inUse } from './machine.ts'
import type { FittedCount } from './memory-fit.ts'
import { poolName } from './pool-plan.ts'

/** Returns the surplus pages of a pool or of its part on a node that nobody uses. */
const idleOn = ({ pool, node }: FittedCount): Pages => {
  const counters = countersOf(pool, node)
  return fewer(idleSurplus(pool), atLeastNone(counters.surplus - inUse(counters)))
}

/** Surplus of other nodes counts against a shrink on one node, so that it would free nothing. */
const isBlocked = ({ pool, node }: FittedCount): boolean =>
  pool.surplus !== countersOf(pool, node).surplus

const isBelowTotal = ({ pool, node, requested }: FittedCount): boolean =>
  requested < countersOf(pool, node).total

/**
 * Whether surplus has to become persistent before the count is set. A shrink frees persistent pages
 * only, so free surplus pages would stay (set_max_huge_pages in mm/hugetlb.c).
 */
export const convertsIdle = (one: FittedCount): boolean =>
  isBelowTotal(one) && idleOn(one) > 0n && !isBlocked(one)

/** Says what becomes of surplus pages that nobody uses. */
export const idleNotes = (one: FittedCount): readonly string[] => {
  const idle = idleOn(one)
  if (!isBelowTotal(one) || idle === 0n) return []
  const name = poolName({ size: one.pool.size, ...(one.node !== undefined && { node: one.node }) })
  const pages = plural(idle, 'free page is', 'free pages are')
  return [
    isBlocked(one)
      ? `${name}: ${pages} surplus and stay so until the surplus of other nodes has gone`
      : `${name}: ${pages} surplus: all surplus becomes persistent first, so that the kernel frees what nobody uses`,
  ]
}
