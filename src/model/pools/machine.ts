import { unsupported } from '../../errors.ts'
import type { Bytes } from '../words/bytes.ts'
import { atLeastNone, type Pages } from '../words/count.ts'
import { type NodeId, namedNodes } from '../words/node-list.ts'
import { formatSize, type PageSize, type SizeWord } from '../words/page-size.ts'

/** What the kernel counts for a pool as a whole and on every node. */
export interface Counters {
  /** `nr_hugepages` as read: surplus pages included. */
  readonly total: Pages
  readonly free: Pages
  readonly surplus: Pages
}

export interface NodePool extends Counters {
  readonly node: NodeId
}

/** The pages of one size. What this kernel does not have is absent. */
export interface Pool extends Counters {
  readonly size: PageSize
  /** Absent where the kernel does not name its default size. */
  readonly isDefault?: boolean
  /** May be negative: the kernel's counter can wrap below zero (6.12 and later, pinned pages). */
  readonly reserved?: Pages
  readonly overcommit?: Pages
  /** The size `demote` splits into; absent where pages of this pool cannot be split. */
  readonly demoteSize?: PageSize
  /** Nodes with a directory for this pool, by id. Not read unless asked for. */
  readonly nodes: readonly NodePool[]
  /** False where no two readings of the counters agreed, or where they contradict each other. */
  readonly settled: boolean
}

export interface Memory {
  readonly total: Bytes
  /** What can be allocated without swapping: MemAvailable, or on a node free and reclaimable. */
  readonly available: Bytes
}

export interface MemoryNode {
  readonly id: NodeId
  readonly hasMemory: boolean
  readonly memory?: Memory
}

/** A snapshot: the machine as seen at one moment. */
export interface Machine {
  /** Smallest page size first. */
  readonly pools: readonly Pool[]
  /** By id; empty where the kernel has no NUMA nodes. */
  readonly nodes: readonly MemoryNode[]
  readonly memory?: Memory
  /** Nodes this process may allocate from (its cpuset); absent where the kernel does not say. */
  readonly allowedNodes?: readonly NodeId[]
}

export const persistent = (counters: Counters): Pages => counters.total - counters.surplus

export const inUse = (counters: Counters): Pages => counters.total - counters.free

/**
 * What a new mapping can still get. A reservation counter that wrapped below zero promises nothing
 * beyond the free pages, and one above them leaves none.
 */
export const available = (pool: Pool): Pages | undefined =>
  pool.reserved === undefined ? undefined : atLeastNone(pool.free - atLeastNone(pool.reserved))

/** Where the kernel tells of no reservations, as far as it tells. */
export const availableNow = (pool: Pool): Pages => available(pool) ?? pool.free

/**
 * Pages that no buddy block holds: of 1G and more on every architecture. They are not allocated
 * like others (mm/hugetlb.c, alloc_gigantic_folio): a cpuset does not confine them.
 */
export const isGigantic = (size: PageSize): boolean => size >= 1024n ** 3n

/** The only nodes that new pages of a size come from; undefined where no cpuset confines them. */
export const confinedTo = (
  { allowedNodes }: Machine,
  size: PageSize,
): readonly NodeId[] | undefined => (isGigantic(size) ? undefined : allowedNodes)

export const memoryNodes = (machine: Machine): readonly MemoryNode[] =>
  machine.nodes.filter((node) => node.hasMemory)

/** The pool a typed size means. Throws E_UNSUPPORTED naming the sizes that exist. */
export const findPool = (pools: readonly Pool[], word: SizeWord): Pool => {
  const pool = pools.find(({ size, isDefault }) =>
    word === 'default' ? isDefault === true : size === word,
  )
  if (pool !== undefined) return pool
  const sizes = pools.map(({ size }) => formatSize(size)).join(', ')
  throw word === 'default'
    ? unsupported('the kernel names no default page size', `this machine has ${sizes}`)
    : unsupported(`there are no ${formatSize(word)} pages here`, `this machine has ${sizes}`)
}

/** Throws E_UNSUPPORTED unless the node exists. */
export const findNode = (machine: Machine, id: NodeId): MemoryNode => {
  const node = machine.nodes.find((candidate) => candidate.id === id)
  if (node !== undefined) return node
  const ids = machine.nodes.map((candidate) => candidate.id)
  throw unsupported(
    `there is no node ${id} here`,
    ids.length > 0 ? `this machine has ${namedNodes(ids)}` : 'this kernel has no NUMA nodes',
  )
}

/** The memory of a node, or of the machine. With one node the machine's own figures say more. */
export const memoryFor = (machine: Machine, node: NodeId | undefined): Memory | undefined =>
  node === undefined || memoryNodes(machine).length === 1
    ? machine.memory
    : findNode(machine, node).memory

/** The counters of a pool on a node, or of the whole pool. Throws where the node has no such pool. */
export const countersOf = (pool: Pool, node?: NodeId): Counters => {
  if (node === undefined) return pool
  const counters = pool.nodes.find((candidate) => candidate.node === node)
  if (counters !== undefined) return counters
  throw unsupported(`node ${node} has no pool of ${formatSize(pool.size)} pages`)
}

/** How many surplus pages may still come into being. */
export const overcommitRoom = ({ overcommit = 0n, surplus }: Pool): Pages =>
  atLeastNone(overcommit - surplus)
