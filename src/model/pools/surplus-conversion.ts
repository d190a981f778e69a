import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { Policy } from '../words/policy.ts'
import { freeSurplus, freeSurplusOf } from './idle-surplus.ts'
import {
  availableNow,
  type Counters,
  countersOf,
  type Machine,
  type Pool,
  persistent,
} from './machine.ts'
import type { FittedCount } from './memory-fit.ts'

/** What a kernel does about surplus when a pool is set (mm/hugetlb.c). */
export interface SurplusRules {
  /**
   * False before 6.7, where the kernel adds the surplus of the other nodes to the number that is
   * written to a node's file (__nr_hugepages_store_common).
   */
  readonly nodeFilesHeedSurplus: boolean
  /**
   * False before 6.16, where a shrink keeps as many free pages as there is surplus in use, and
   * makes surplus of them (set_max_huge_pages).
   */
  readonly freesBesideSurplus: boolean
}

/** The part of a pool that one count sets: a node, the nodes of a policy, or all of it. */
export interface PoolPart extends Counters {
  /** Surplus pages that are free, so that they could leave. */
  readonly idle: Pages
  readonly requested: Pages
  readonly node?: NodeId
}

const sumOf = (all: readonly Counters[], key: 'total' | 'free' | 'surplus'): Pages =>
  all.reduce((sum, counters) => sum + counters[key], 0n)

/**
 * Returns the nodes whose pages a write can change under a policy (mpol_set_nodemask in
 * mm/mempolicy.c).
 */
export const policyNodes = (
  { allowedNodes }: Pick<Machine, 'allowedNodes'>,
  { nodes }: Policy,
): readonly NodeId[] => nodes.filter((id) => allowedNodes?.includes(id) ?? true)

/** Returns the part of a pool that a count sets; `nodes` are those of a policy. */
export const partOf = (
  { pool, node, requested }: FittedCount,
  nodes: readonly NodeId[] | undefined,
): PoolPart => {
  if (node !== undefined) {
    const counters = countersOf(pool, node)
    return { ...counters, idle: freeSurplusOf(counters), requested, node }
  }
  if (nodes === undefined) return { ...countersOf(pool), idle: freeSurplus(pool), requested }
  const on = pool.nodes.filter((one) => nodes.includes(one.node))
  const [total, free, surplus] = [sumOf(on, 'total'), sumOf(on, 'free'), sumOf(on, 'surplus')]
  const idle = on.reduce((sum, counters) => sum + freeSurplusOf(counters), 0n)
  const elsewhere = persistent(pool) - (total - surplus)
  return { total, free, surplus, idle, requested: atLeastNone(requested - elsewhere) }
}

/** Returns the free pages that leave when a part is set without any conversion before. */
const freedDirectly = (part: PoolPart): Pages =>
  fewer(atLeastNone(persistent(part) - part.requested), part.free)

/**
 * Returns the free surplus of a part that is more than its count asks for and that stays in a
 * shrink.
 */
const idleBeyond = (part: PoolPart): Pages =>
  part.requested < part.total
    ? fewer(part.idle, fewer(part.free, part.total - part.requested) - freedDirectly(part))
    : 0n

const sumOver = (parts: readonly PoolPart[], count: (part: PoolPart) => Pages): Pages =>
  parts.reduce((sum, part) => sum + count(part), 0n)

/**
 * Returns how many free pages a pool can lose: those that are not reserved, and as many as other
 * parts gain, for any free page of the pool serves a reservation.
 */
export const roomToFree = (pool: Pool, parts: readonly PoolPart[]): Pages =>
  availableNow(pool) + sumOver(parts, ({ requested, total }) => atLeastNone(requested - total))

/** How surplus becomes persistent before a pool is set. */
export interface Conversion {
  /** The surplus that does: none, that of the parts with idle surplus, or that of all nodes. */
  readonly of: 'nothing' | 'parts' | 'pool'
  /** The surplus pages that nobody uses and that can be freed thereby. */
  readonly idle: Pages
}

/**
 * Decides whether surplus has to become persistent before the parts of a pool are set. A shrink
 * frees persistent pages only, so free surplus would stay on every kernel. Older kernels also count
 * surplus in use against the free pages of all nodes, or add it to what is written for a node.
 * Where no page is surplus every kernel does just what is asked for.
 */
export const conversionFor = (
  pool: Pool,
  parts: readonly PoolPart[],
  { nodeFilesHeedSurplus, freesBesideSurplus }: SurplusRules,
): Conversion => {
  const room = roomToFree(pool, parts)
  const direct = fewer(sumOver(parts, freedDirectly), room)
  const idle = fewer(sumOver(parts, idleBeyond), room - direct)
  const keeps =
    !freesBesideSurplus &&
    pool.surplus > 0n &&
    direct > atLeastNone(availableNow(pool) - pool.surplus)
  const adds =
    !nodeFilesHeedSurplus &&
    parts.some(
      (part) =>
        part.node !== undefined &&
        part.requested !== persistent(part) &&
        pool.surplus > part.surplus,
    )
  if (idle === 0n && !keeps && !adds) return { of: 'nothing', idle }
  return { of: freesBesideSurplus ? 'parts' : 'pool', idle }
}

/** Whether a part has idle surplus. Where parts are converted one by one, only such parts are. */
export const hasIdle = (part: PoolPart): boolean => idleBeyond(part) > 0n
