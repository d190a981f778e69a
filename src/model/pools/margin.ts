import { type Bytes, largestNumber } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import { type Machine, type Memory, memoryNodes } from './machine.ts'

/** Pages to take from memory, spread equally over the nodes that may give them. */
export interface MemoryDemand {
  readonly size: PageSize
  readonly pages: Pages
  readonly nodes: readonly NodeId[]
}

/** A place that memory is taken from, and the memory that has to remain there. */
export interface MemoryRoom {
  /** The node; absent for the machine as a whole. */
  readonly node?: NodeId
  readonly available: Bytes
  readonly leave: Bytes
}

/**
 * The smallest default margin. The kernel has no margin of its own: a write beyond memory ends in
 * the OOM killer or a panic.
 */
export const leastMargin: Bytes = 64n * 1024n ** 2n
export const marginPercent = 2n

export const defaultMargin = (total: Bytes): Bytes => {
  const share = (total * marginPercent) / 100n
  return share > leastMargin ? share : leastMargin
}

const roomOf = (
  memory: Memory,
  freed: Bytes,
  leave: Bytes | undefined,
  node?: NodeId,
): MemoryRoom =>
  present({
    available: memory.available + freed,
    leave: leave ?? defaultMargin(memory.total),
    node,
  })

/**
 * Returns the rooms that growths draw on. `freed` is what the shrinks of the same call give back,
 * by node. `leave` applies to the machine and to each named node. A growth over `spread` nodes
 * takes an equal part from each, so an equal part of `leave` has to remain on each.
 */
export const roomsOf = (
  machine: Machine,
  freed: ReadonlyMap<NodeId | undefined, Bytes>,
  leave: Bytes | undefined,
  { named, spread }: { readonly named: ReadonlySet<NodeId>; readonly spread: number },
): readonly MemoryRoom[] => {
  const nodes = memoryNodes(machine)
  const leaveOn = (node: NodeId) =>
    leave === undefined || named.has(node) ? leave : leave / BigInt(spread || 1)
  const onNodes = nodes.flatMap(({ id, memory }) =>
    memory ? [roomOf(memory, freed.get(id) ?? 0n, leaveOn(id), id)] : [],
  )
  if (machine.memory === undefined) return onNodes
  const whole = roomOf(machine.memory, freed.get(undefined) ?? 0n, leave)
  // With one node MemAvailable is more exact: it accounts for the watermarks, and node files do
  // not.
  return nodes.length > 1 ? [...onNodes, whole] : [whole]
}

const takenFrom = (demand: MemoryDemand, node: NodeId | undefined): Bytes => {
  if (node === undefined) return demand.pages * demand.size
  if (!demand.nodes.includes(node)) return 0n
  const parts = BigInt(demand.nodes.length)
  return ((demand.pages + parts - 1n) / parts) * demand.size
}

/**
 * Whether the figures show what a demand would leave: for the machine, or for each node it uses.
 */
export const isMeasured = (rooms: readonly MemoryRoom[], { nodes }: MemoryDemand): boolean => {
  const known = rooms.map(({ node }) => node)
  return (
    known.includes(undefined) || (nodes.length > 0 && nodes.every((node) => known.includes(node)))
  )
}

/** Returns the first room in which the demands would leave too little, or undefined. */
export const overdrawn = (
  rooms: readonly MemoryRoom[],
  demands: readonly MemoryDemand[],
): MemoryRoom | undefined =>
  rooms.find(({ node, available, leave }) => {
    const taken = demands.reduce((sum, demand) => sum + takenFrom(demand, node), 0n)
    return taken > 0n && taken + leave > available
  })

/**
 * Returns the largest number of pages of `last` that fits after the others; undefined where nothing
 * limits it.
 */
export const largestFit = (
  rooms: readonly MemoryRoom[],
  others: readonly MemoryDemand[],
  last: MemoryDemand,
): Pages | undefined => {
  if (overdrawn(rooms, [...others, { ...last, pages: largestNumber }]) === undefined)
    return undefined
  let fits = 0n
  let fails = largestNumber
  while (fails - fits > 1n) {
    const pages = (fits + fails) / 2n
    if (overdrawn(rooms, [...others, { ...last, pages }]) === undefined) fits = pages
    else fails = pages
  }
  return fits
}
