import { boundNodes, type FaultFacts } from '../mapping/reasons/fault-facts.ts'
import { heldByMount } from '../mapping/reasons/obstacles.ts'
import { availableNow, overcommitRoom } from '../pools/machine.ts'
import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { Policy } from '../words/policy.ts'

/** The pages that nodes lack for a mapping that is bound to them. */
export interface NodeLack {
  readonly nodes: readonly NodeId[]
  readonly has: Pages
  readonly missing: Pages
}

/** What becomes of the mappings, as far as the pool decides. */
export interface ReservationForecast {
  /** Pages that neither the pool nor overcommit has. */
  readonly missing: Pages
  /** Surplus pages that have to be made. */
  readonly surplus: Pages
  readonly lacks: readonly NodeLack[]
}

interface Part {
  readonly pages: Pages
  readonly policy?: Policy
}

/** The counters as they change from mapping to mapping. */
interface CountersLeft {
  available: Pages
  room: Pages
  missing: Pages
  surplus: Pages
  readonly free: Map<NodeId, Pages>
  readonly lacks: NodeLack[]
}

const freeLeft = (left: CountersLeft, nodes: readonly NodeId[]): Pages =>
  nodes.reduce((sum, node) => sum + (left.free.get(node) ?? 0n), 0n)

const takeFree = (left: CountersLeft, nodes: readonly NodeId[], pages: Pages): void => {
  let rest = pages
  for (const node of nodes) {
    const taken = fewer(rest, left.free.get(node) ?? 0n)
    left.free.set(node, (left.free.get(node) ?? 0n) - taken)
    rest -= taken
  }
}

/** Takes what a mapping needs beyond what is there from overcommit, as far as that allows it. */
const addSurplus = (left: CountersLeft, needed: Pages): Pages => {
  const made = fewer(needed, left.room)
  left.room -= made
  left.surplus += made
  left.missing += needed - made
  return made
}

/**
 * A reservation gathers what is not available as surplus, and then counts the free pages of the nodes
 * that it may use (hugetlb_acct_memory in mm/hugetlb.c; the nodes from 5.9 on).
 */
const reserve = (left: CountersLeft, pages: Pages, nodes: readonly NodeId[] | undefined): void => {
  const made = addSurplus(left, atLeastNone(pages - left.available))
  left.available = atLeastNone(left.available - pages)
  if (nodes === undefined) return
  const has = freeLeft(left, nodes) + made
  if (has < pages) left.lacks.push({ nodes, has, missing: pages - has })
  takeFree(left, nodes, pages - made)
}

/**
 * Without a reservation each page is taken from what is available, on the nodes that it may use, and
 * is surplus otherwise (alloc_hugetlb_folio in mm/hugetlb.c).
 */
const fault = (
  left: CountersLeft,
  pages: Pages,
  nodes: readonly NodeId[] | undefined,
  all: readonly NodeId[],
): void => {
  const free = freeLeft(left, nodes ?? all)
  const there = fewer(left.available, nodes === undefined && all.length === 0 ? pages : free)
  const taken = fewer(pages, there)
  const needed = pages - taken
  const bound = nodes !== undefined && left.available > taken
  if (bound && needed > left.room)
    left.lacks.push({ nodes, has: taken + left.room, missing: needed - left.room })
  if (!bound) addSurplus(left, needed)
  else addSurplus(left, fewer(needed, left.room))
  left.available -= taken
  takeFree(left, nodes ?? all, taken)
}

const partsOf = ({ wanted, policy, later = [] }: FaultFacts): readonly Part[] => [
  policy === undefined ? { pages: wanted } : { pages: wanted, policy },
  ...later,
]

/**
 * Tells what the pool has for all mappings, one after the other. `copies` tells how often the pages of
 * each are wanted a second time without a reservation: by a child that writes to its copy.
 */
export const forecastReservations = (facts: FaultFacts, copies = 0): ReservationForecast => {
  const { pool, noreserve } = facts
  const left: CountersLeft = {
    available: availableNow(pool) + heldByMount(facts),
    room: overcommitRoom(pool),
    missing: 0n,
    surplus: 0n,
    free: new Map(pool.nodes.map(({ node, free }) => [node, free])),
    lacks: [],
  }
  const all = pool.nodes.map(({ node }) => node)
  const parts = partsOf(facts)
  const partNodes = ({ policy }: Part) => {
    const { policy: _, ...rest } = facts
    return boundNodes(policy === undefined ? rest : { ...rest, policy })
  }
  for (const part of parts)
    if (noreserve) fault(left, part.pages, partNodes(part), all)
    else reserve(left, part.pages, partNodes(part))
  for (let copy = 0; copy < copies; copy += 1)
    for (const part of parts) fault(left, part.pages, partNodes(part), all)
  const { missing, surplus, lacks } = left
  return { missing, surplus, lacks }
}
