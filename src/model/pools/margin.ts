import { ascending, type Bytes } from '../words/bytes.ts'
import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import { type Machine, type Memory, memoryNodes } from './machine.ts'

/** Pages to take from the memory of any of `nodes`. */
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
 * by node. `leave` applies to the machine and to each named node. A growth over `spread` nodes has
 * to leave an equal part of it on each of them.
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

/** Returns the room of a node, or of the machine; undefined where its memory is not known. */
export const roomFor = (
  rooms: readonly MemoryRoom[],
  wanted: NodeId | undefined,
): MemoryRoom | undefined => rooms.find(({ node }) => node === wanted)

/**
 * Whether the figures show what a demand would leave: for the machine, or for each node it uses.
 */
export const isMeasured = (rooms: readonly MemoryRoom[], { nodes }: MemoryDemand): boolean =>
  roomFor(rooms, undefined) !== undefined ||
  (nodes.length > 0 && nodes.every((node) => roomFor(rooms, node) !== undefined))

/** Returns the pages that a room can give above its margin; undefined where it is not known. */
const givable = (room: MemoryRoom | undefined, size: PageSize): Pages | undefined =>
  room && atLeastNone(room.available - room.leave) / size

/** Returns the pages that the nodes can give together; undefined where one is not known. */
const givableTogether = (
  rooms: readonly MemoryRoom[],
  { size, nodes }: MemoryDemand,
): Pages | undefined => {
  let sum = 0n
  for (const node of nodes) {
    const pages = givable(roomFor(rooms, node), size)
    if (pages === undefined) return undefined
    sum += pages
  }
  return nodes.length === 0 ? undefined : sum
}

/** Returns the largest number of pages that fits; undefined where nothing limits it. */
export const largestFit = (
  rooms: readonly MemoryRoom[],
  demand: MemoryDemand,
): Pages | undefined => {
  const limits = [
    givable(roomFor(rooms, undefined), demand.size),
    givableTogether(rooms, demand),
  ].filter((pages) => pages !== undefined)
  const [first, ...others] = limits
  return first === undefined ? undefined : others.reduce(fewer, first)
}

/** How many pages each node gives. */
export type Shares = ReadonlyMap<NodeId, Pages>

/**
 * Returns the share of each node where the kernel takes the pages: one from each node in turn. No
 * file shows on which node it begins, so each node may be the one that gives one page more.
 */
export const equalShares = ({ pages, nodes }: MemoryDemand): Shares => {
  const parts = BigInt(nodes.length)
  return new Map(nodes.map((node) => [node, (pages + parts - 1n) / parts]))
}

/** Whether every node can give its share above what has to remain there. */
export const canGive = (rooms: readonly MemoryRoom[], size: PageSize, shares: Shares): boolean =>
  [...shares].every(([node, pages]) => (givable(roomFor(rooms, node), size) ?? pages) >= pages)

/**
 * Returns shares that are as equal as the rooms allow: a node that cannot give as much as the
 * others gives all it can. The sum is `pages`, which has to fit.
 */
export const sharesWithin = (rooms: readonly MemoryRoom[], demand: MemoryDemand): Shares => {
  const { size, pages, nodes } = demand
  const most = nodes.map((node) => ({ node, can: givable(roomFor(rooms, node), size) ?? pages }))
  const leastFirst = most.sort((a, b) => ascending(a.can, b.can) || a.node - b.node)
  const shares = new Map<NodeId, Pages>()
  let left = pages
  for (const [index, { node, can }] of leastFirst.entries()) {
    const share = fewer(can, left / BigInt(leastFirst.length - index))
    shares.set(node, share)
    left -= share
  }
  return shares
}

/** Returns the rooms after pages were taken, for the growths that come later in the same call. */
export const roomsAfter = (
  rooms: readonly MemoryRoom[],
  { size, pages }: MemoryDemand,
  shares: Shares,
): readonly MemoryRoom[] =>
  rooms.map((room) => {
    const taken = room.node === undefined ? pages : (shares.get(room.node) ?? 0n)
    return { ...room, available: room.available - taken * size }
  })
