import { type Counters, inUse, type Pool } from '../pools/machine.ts'
import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { present } from '../words/present.ts'

/** What a test does to a pool, in this order; files are made or opened, and deleted, beside it. */
export type StepKind =
  | 'start'
  | 'create'
  | 'open'
  | 'map'
  | 'share'
  | 'touch'
  | 'hold'
  | 'unmap'
  | 'delete'

/** How the counters stood after something was done. */
export interface MappingReading {
  readonly kind: StepKind
  /** Touched so far. */
  readonly pages: Pages
  readonly pool: Pool
  /** Against the step before; nothing for the first. */
  readonly change?: Movement
  readonly nodes: readonly NodeMovement[]
  /** What happened, in words. */
  readonly words: string
}

/** By how much counters moved. */
export interface Movement {
  readonly total: Pages
  readonly free: Pages
  /** Absent where the kernel does not tell how many are. */
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

/** Pages that were handed out in a movement, or came back where it is negative. */
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

/** Whether every counter is where it began, on every node too. */
export const isBack = (start: Pool, now: Pool): boolean =>
  isStill(movementOf(start, now)) &&
  nodeMovements(start, now).every(
    ({ change }) => change !== undefined && Object.values(change).every((pages) => pages === 0n),
  )

export const inUseMore = (start: Pool, now: Pool): Pages => inUse(now) - inUse(start)
