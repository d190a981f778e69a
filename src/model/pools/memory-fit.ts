import { ascending, type Bytes } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { formatSize } from '../words/page-size.ts'
import type { Policy } from '../words/policy.ts'
import { present } from '../words/present.ts'
import { fittingNumber } from './count-that-fits.ts'
import { freedByNode } from './freed-memory.ts'
import type { KeepsGoing, PartLeftOut } from './left-out.ts'
import type { Machine } from './machine.ts'
import {
  canGive,
  equalShares,
  type MemoryDemand,
  type MemoryRoom,
  roomsAfter,
  roomsOf,
  type Shares,
  sharesWithin,
} from './margin.ts'
import { demandOf, givingNodes } from './memory-demand.ts'
import { beyondWords } from './memory-refusal.ts'
import type { ResolvedCount } from './pool-counts.ts'
import type { MemoryMinimum } from './pool-plan.ts'

export interface MemoryRules {
  readonly policy?: Policy
  /** The memory that has to remain available; absent means a small default margin. */
  readonly leave?: Bytes
}

/** A count with its number, which fits into memory. */
export interface FittedCount extends ResolvedCount {
  readonly requested: Pages
  /** The number that was asked for, where it did not fit and is cut. */
  readonly asked?: Pages
  /**
   * What each node gives, where equal parts would leave too little memory on one of them. Then the
   * file of each node is written.
   */
  readonly shares?: Shares
}

export interface MemoryFit {
  readonly fitted: readonly FittedCount[]
  /** The counts that do not fit, where the call keeps going: they are cut to what fits. */
  readonly leftOut: readonly PartLeftOut[]
  readonly memoryMinimums: readonly MemoryMinimum[]
  /** Sentences about what memory limits. */
  readonly notes: readonly string[]
}

const maxNotes = (
  rooms: readonly MemoryRoom[],
  one: ResolvedCount,
  demand: MemoryDemand,
  leave: Bytes | undefined,
): readonly string[] => {
  if (one.requested !== undefined || demand.pages > 0n) return []
  const beyond = { ...demand, pages: 1n }
  return [
    `${formatSize(one.pool.size)}: max is what there is: one more page ${beyondWords({ rooms, demand: beyond, leave })}`,
  ]
}

const sharesOf = (
  rooms: readonly MemoryRoom[],
  one: ResolvedCount,
  demand: MemoryDemand,
  leave: Bytes | undefined,
): { readonly taken: Shares; readonly written?: Shares } => {
  const equal = equalShares(demand)
  const kernelTries = leave === 0n && one.requested !== undefined
  if (kernelTries || canGive(rooms, demand.size, equal)) return { taken: equal }
  const within = sharesWithin(rooms, demand)
  return { taken: within, written: within }
}

const largestFirst = (resolved: readonly ResolvedCount[]): readonly ResolvedCount[] =>
  [...resolved].sort((a, b) => ascending(b.pool.size, a.pool.size))

/** Returns the minimums of the machine and of the nodes that give pages; others limit nothing. */
const minimumsOf = (
  rooms: readonly MemoryRoom[],
  giving: ReadonlySet<NodeId>,
): readonly MemoryMinimum[] =>
  rooms
    .filter(({ node }) => node === undefined || giving.has(node))
    .map(({ available: _, ...minimum }) => minimum)

/**
 * Fits counts into memory, those of larger pages first. Throws E_REFUSED for growths that leave too
 * little, with the largest count that fits; a call that keeps going asks for that count instead.
 * The number of a `max` is what fits after all counts that were given as numbers.
 *
 * The kernel takes one page from each node in turn and passes over a node that has none
 * (alloc_pool_huge_folio in mm/hugetlb.c), so it would also take the last memory of a node. Where a
 * node can give less than an equal part above its margin, the others give the rest.
 */
export const fitIntoMemory = (
  machine: Machine,
  rules: MemoryRules & KeepsGoing,
  resolved: readonly ResolvedCount[],
): MemoryFit => {
  const { policy, leave } = rules
  const nodesByCount = new Map(resolved.map((one) => [one, givingNodes(machine, policy, one)]))
  const nodesThat = (are: (one: ResolvedCount) => boolean) =>
    new Set(resolved.filter(are).flatMap((one) => nodesByCount.get(one) ?? []))
  const named = nodesThat(({ node }) => node !== undefined)
  const spread = nodesThat(({ node }) => node === undefined).size
  const freed = freedByNode(machine, policy, resolved)
  const all = roomsOf(machine, freed, leave, { named, spread })
  let rooms = all
  const notes: string[] = []
  const leftOut: PartLeftOut[] = []
  const fitOne = (one: ResolvedCount): FittedCount => {
    const nodes = nodesByCount.get(one) ?? []
    const { requested, leftOut: cut } = fittingNumber(machine, rules, rooms, { ...one, nodes })
    if (cut !== undefined) leftOut.push(cut)
    const demand = demandOf(nodes, one, requested)
    if (cut === undefined) notes.push(...maxNotes(rooms, one, demand, leave))
    const { taken, written } = sharesOf(rooms, one, demand, leave)
    rooms = roomsAfter(rooms, demand, taken)
    const asked = requested === one.requested ? undefined : one.requested
    return present({ ...one, requested, asked, shares: written })
  }
  const known = resolved.filter(({ requested }) => requested !== undefined)
  const open = resolved.filter(({ requested }) => requested === undefined)
  const fitted = new Map(
    [...largestFirst(known), ...largestFirst(open)].map((one) => [one, fitOne(one)]),
  )
  return {
    fitted: resolved.flatMap((one) => fitted.get(one) ?? []),
    leftOut,
    memoryMinimums:
      leave === 0n
        ? []
        : minimumsOf(
            all,
            nodesThat(() => true),
          ),
    notes,
  }
}
