import { type Counters, inUse, type Pool } from '../pools/machine.ts'
import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { present } from '../words/present.ts'

/**
 * The steps of a test, in this order. `create`, `open` and `delete` act on what is mapped, such as
 * a file.
 */
export type StepKind =
  | 'start'
  | 'create'
  | 'open'
  | 'map'
  | 'share'
  | 'touch'
  | 'fork'
  | 'hold'
  | 'unmap'
  | 'delete'

/** The counters after one step of a test. */
export interface MappingReading {
  readonly kind: StepKind
  /** The number of pages touched so far. */
  readonly pages: Pages
  readonly pool: Pool
  /** The difference from the step before; absent for the first step. */
  readonly change?: Movement
  readonly nodes: readonly NodeMovement[]
  /** A sentence that says what happened. */
  readonly words: string
}

/** The differences between two readings of counters. */
export interface Movement {
  readonly total: Pages
  readonly free: Pages
  /** Absent where the kernel does not show how many pages are reserved. */
  readonly reserved?: Pages
  readonly surplus: Pages
}

export interface NodeMovement extends Counters {
  readonly node: NodeId
  readonly change?: Omit<Movement, 'reserved'>
}

const counterMovement = (before: Counters, after: Counters) => ({
  total: after.total - before.total,
  free: after.free - before.free,
  surplus: after.surplus - before.surplus,
})

const reservedMore = (before: Pool, after: Pool): Pages | undefined =>
  before.reserved === undefined || after.reserved === undefined
    ? undefined
    : after.reserved - before.reserved

export const movementOf = (before: Pool, after: Pool): Movement =>
  present({ ...counterMovement(before, after), reserved: reservedMore(before, after) })

/** Returns the number of pages that were handed out; it is negative where pages came back. */
export const handedOut = ({ total, free }: Pick<Movement, 'total' | 'free'>): Pages => total - free

export const isStill = (moved: Movement): boolean =>
  Object.values(moved).every((pages) => pages === 0n)

export const nodeMovements = (before: Pool | undefined, after: Pool): readonly NodeMovement[] =>
  after.nodes.map((counters) => {
    const was = before?.nodes.find(({ node }) => node === counters.node)
    return present({ ...counters, change: was && counterMovement(was, counters) })
  })

export const readingOf = (
  kind: StepKind,
  pages: Pages,
  before: Pool | undefined,
  pool: Pool,
  words: string,
): MappingReading =>
  present({
    kind,
    pages,
    pool,
    change: before && movementOf(before, pool),
    nodes: nodeMovements(before, pool),
    words,
  })

/** Whether every counter, on every node too, has its first value again. */
export const isBack = (start: Pool, now: Pool): boolean =>
  isStill(movementOf(start, now)) &&
  nodeMovements(start, now).every(
    ({ change }) => change !== undefined && Object.values(change).every((pages) => pages === 0n),
  )

/** The free surplus pages that left a pool and came to it. */
export interface SurplusMovement {
  readonly gone: Pages
  readonly made: Pages
}

/**
 * Returns how free surplus pages moved; undefined where none did, or where another counter changed
 * too. A test moves them by itself: a page that is freed on a node with surplus
 * leaves the pool (free_huge_folio in mm/hugetlb.c), and so does a surplus page for each
 * reservation that was not used (return_unused_surplus_pages). A surplus page that was made for the
 * test stays where a page of another node was freed in its place.
 */
export const surplusMovement = (start: Pool, now: Pool): SurplusMovement | undefined => {
  const whole = counterMovement(start, now)
  if (isBack(start, now) || (reservedMore(start, now) ?? 0n) !== 0n) return undefined
  const byNode = nodeMovements(start, now).map(({ change }) => change)
  const changes = byNode.length > 0 ? byNode : [whole]
  let [gone, made] = [0n, 0n]
  for (const change of changes) {
    if (change?.total !== change?.surplus || change?.free !== change?.surplus) return undefined
    const pages = change?.surplus ?? 0n
    if (pages < 0n) gone -= pages
    else made += pages
  }
  const isWhole = Object.values(whole).every((pages) => pages === made - gone)
  return isWhole ? { gone, made } : undefined
}

/** Whether everything that a test took is back, though surplus pages may have moved meanwhile. */
export const isReturned = (start: Pool, now: Pool): boolean =>
  isBack(start, now) || surplusMovement(start, now) !== undefined

export const inUseMore = (start: Pool, now: Pool): Pages => inUse(now) - inUse(start)
