import { HugepoolError, unsupported } from '../../errors.ts'
import { ascending, type Bytes } from '../words/bytes.ts'
import { atLeastNone, type Pages } from '../words/count.ts'
import { type NodeId, namedNodes } from '../words/node-list.ts'
import { formatSize, type PageSize, type SizeWord } from '../words/page-size.ts'
import { defaultUnseen, defaultUnseenWords } from './default-size.ts'

/** The counters that the kernel keeps for a pool as a whole and for each node. */
export interface Counters {
  /** The value read from `nr_hugepages`, which includes surplus pages. */
  readonly total: Pages
  readonly free: Pages
  readonly surplus: Pages
}

export interface NodePool extends Counters {
  readonly node: NodeId
}

/** The pages of one size. A value that this kernel does not have is absent. */
export interface Pool extends Counters {
  readonly size: PageSize
  /** Absent where the kernel does not name its default size. */
  readonly isDefault?: boolean
  /** Can be negative: the kernel's counter can wrap below zero (6.12 and later, pinned pages). */
  readonly reserved?: Pages
  readonly overcommit?: Pages
  /** The size `demote` splits into; absent where pages of this pool cannot be split. */
  readonly demoteSize?: PageSize
  /**
   * The nodes that have a directory for this pool, in the order of their ids. They are read only on
   * request.
   */
  readonly nodes: readonly NodePool[]
  /**
   * False where no two samples of the counters agreed, or where the counters contradict each
   * other.
   */
  readonly settled: boolean
  /** True where sysfs is not to be seen, so that /proc shows this pool and no other. */
  readonly onlyInProc?: true
}

/** A pool that has an attribute which cannot be read, or which holds no number. */
export interface UnreadablePool extends Pick<Pool, 'size' | 'isDefault'> {
  /** Names the attribute, and what it holds. */
  readonly error: HugepoolError
}

export interface PoolSet {
  /** Smallest page size first. */
  readonly pools: readonly Pool[]
  /** Absent where all pools can be read. A command that needs one of these fails with its error. */
  readonly unreadable?: readonly UnreadablePool[]
}

/** The hint where /proc alone shows a pool. */
export const sysfsHint =
  "sysfs is not mounted, so the default pool is all that can be seen; 'mount -t sysfs sysfs /sys' shows the rest"

export interface Memory {
  readonly total: Bytes
  /**
   * The bytes that can be allocated without swapping: MemAvailable, or free and reclaimable memory
   * on a node.
   */
  readonly available: Bytes
}

export interface MemoryNode {
  readonly id: NodeId
  readonly hasMemory: boolean
  readonly memory?: Memory
}

/** A snapshot: the machine as seen at one moment. */
export interface Machine extends PoolSet {
  /** The nodes in the order of their ids; empty where the kernel has no NUMA nodes. */
  readonly nodes: readonly MemoryNode[]
  readonly memory?: Memory
  /** The largest block of the buddy allocator, in bytes. Larger pages are gigantic. */
  readonly largestBlock: Bytes
  /**
   * The nodes that the cpuset of this process allows; absent where the kernel does not show them.
   */
  readonly allowedNodes?: readonly NodeId[]
}

export const persistent = (counters: Counters): Pages => counters.total - counters.surplus

export const inUse = (counters: Counters): Pages => counters.total - counters.free

/**
 * Returns the pages that a new mapping can still get. A reservation counter below zero counts as 0,
 * and one above the free pages leaves none available. Undefined where the kernel has no such
 * counter.
 */
export const available = (pool: Pool): Pages | undefined =>
  pool.reserved === undefined ? undefined : atLeastNone(pool.free - atLeastNone(pool.reserved))

/** Returns the available pages, or the free pages where the kernel has no reservation counter. */
export const availableNow = (pool: Pool): Pages => available(pool) ?? pool.free

export const memoryNodes = (machine: Pick<Machine, 'nodes'>): readonly MemoryNode[] =>
  machine.nodes.filter((node) => node.hasMemory)

/** Returns an error that carries the size, so that a caller can say what this size needs. */
const noSuchSize = (pageSize: PageSize, hint: string) => {
  const words = `there are no ${formatSize(pageSize)} pages here`
  return new HugepoolError('E_UNSUPPORTED', 'no-size', words, hint, undefined, { pageSize })
}

/** Whether a typed size means a pool. */
export const isMeant =
  (word: SizeWord) =>
  ({ size, isDefault }: Pick<Pool, 'size' | 'isDefault'>): boolean =>
    word === 'default' ? isDefault === true : size === word

/** Throws the error of the pool that a typed size means, where that pool cannot be read. */
export const checkReadable = ({ unreadable = [] }: PoolSet, word: SizeWord): void => {
  const unread = unreadable.find(isMeant(word))
  if (unread !== undefined) throw unread.error
}

/**
 * Returns the pool that a typed size means. Throws E_UNSUPPORTED with the sizes that exist, or the
 * error of a pool that cannot be read.
 */
export const findPool = (from: PoolSet, word: SizeWord): Pool => {
  const { pools, unreadable = [] } = from
  const pool = pools.find(isMeant(word))
  if (pool !== undefined) return pool
  checkReadable(from, word)
  const sizes = [...pools, ...unreadable]
    .sort((a, b) => ascending(a.size, b.size))
    .map(({ size }) => formatSize(size))
    .join(', ')
  if (pools.some(({ onlyInProc }) => onlyInProc))
    throw unsupported(
      'not-shown',
      `${word === 'default' ? 'the default pool' : `a pool of ${formatSize(word)} pages`} cannot be seen here`,
      sysfsHint,
    )
  if (word === 'default' && defaultUnseen(from))
    throw unsupported('not-shown', defaultUnseenWords, `name the size: this machine has ${sizes}`)
  throw word === 'default'
    ? unsupported('no-size', 'the kernel names no default page size', `this machine has ${sizes}`)
    : noSuchSize(word, `this machine has ${sizes}`)
}

/** Returns a node by its id. Throws E_UNSUPPORTED where it does not exist. */
export const findNode = (machine: Machine, id: NodeId): MemoryNode => {
  const node = machine.nodes.find((candidate) => candidate.id === id)
  if (node !== undefined) return node
  if (machine.pools.some(({ onlyInProc }) => onlyInProc))
    throw unsupported('not-shown', `node ${id} cannot be seen here`, sysfsHint)
  const ids = machine.nodes.map((candidate) => candidate.id)
  throw unsupported(
    'no-node',
    `there is no node ${id} here`,
    ids.length > 0 ? `this machine has ${namedNodes(ids)}` : 'this kernel has no NUMA nodes',
  )
}

/**
 * Returns the memory of a node or of the machine. With one node the machine's own figures are used,
 * because they are more exact.
 */
export const memoryFor = (machine: Machine, node: NodeId | undefined): Memory | undefined =>
  node === undefined || memoryNodes(machine).length === 1
    ? machine.memory
    : findNode(machine, node).memory

const noPages: Counters = { total: 0n, free: 0n, surplus: 0n }

/**
 * Returns the counters of a pool on a node, or of the whole pool. A node without a directory for
 * the pool has no pages: before 6.1 those are the nodes without memory.
 */
export const countersOf = (pool: Pool, node?: NodeId): Counters =>
  node === undefined ? pool : (pool.nodes.find((candidate) => candidate.node === node) ?? noPages)

/**
 * Throws E_UNSUPPORTED where a node has no directory for a pool, so that nothing can be set there.
 */
export const checkHasPool = (pool: Pool, node: NodeId): void => {
  if (pool.nodes.some((candidate) => candidate.node === node)) return
  throw unsupported('no-node', `node ${node} has no pool of ${formatSize(pool.size)} pages`)
}

/** Returns the number of surplus pages that the kernel may still make. */
export const overcommitRoom = ({ overcommit = 0n, surplus }: Pool): Pages =>
  atLeastNone(overcommit - surplus)
