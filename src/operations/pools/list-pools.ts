import type { HugepoolError } from '../../errors.ts'
import { meminfoFault } from '../../kernel/pools/meminfo.ts'
import { readNodeIds } from '../../kernel/pools/nodes.ts'
import { readPageSizes, readPools } from '../../kernel/pools/pools.ts'
import { missingHugeTlb } from '../../kernel/read-attribute.ts'
import type { Tree } from '../../kernel/tree.ts'
import { defaultUnseen, defaultUnseenWords } from '../../model/pools/default-size.ts'
import {
  findPool,
  isMeant,
  type Pool,
  type PoolSet,
  sysfsHint,
  type UnreadablePool,
} from '../../model/pools/machine.ts'
import { faultyWords, type ShownPool, showsCounters } from '../../model/pools/shown-pool.ts'
import { wrappedReservationWords } from '../../model/pools/wrapped-reservations.ts'
import { ascending } from '../../model/words/bytes.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import { formatSize, type SizeWord } from '../../model/words/page-size.ts'
import type { Ports } from '../ports.ts'

/** Pools for `list`. Without HugeTLB a script still gets an empty list, along with the error. */
export interface PoolList {
  readonly pools: readonly ShownPool[]
  /** Every node of the machine, including nodes without pools. Empty unless nodes are asked for. */
  readonly nodes: readonly NodeId[]
  /** What cannot be read. */
  readonly words: readonly string[]
  /** Notes that the reader of the numbers should know. */
  readonly notes: readonly string[]
  readonly failure?: HugepoolError
}

const listNotes = (pool: ShownPool): readonly string[] => {
  const size = formatSize(pool.size)
  const unsettled = `${size}: the counters kept changing while they were read, or contradict each other: do not rely on them`
  const unseen = `${size}: ${sysfsHint}`
  return [
    ...(pool.onlyInProc ? [unseen] : []),
    ...(pool.settled ? [] : [unsettled]),
    ...wrappedReservationWords(pool),
  ]
}

/**
 * Says that the default size is not known: as a fault where /proc/meminfo is wrong, else as a note.
 */
const defaultSayings = (tree: Tree, found: PoolSet) => {
  if (!defaultUnseen(found)) return { words: [], notes: [] }
  const fault = meminfoFault(tree)
  return fault === undefined
    ? { words: [], notes: [defaultUnseenWords] }
    : { words: [`${fault.message}: it is not known which size is the default`], notes: [] }
}

/**
 * Chooses the pools that the sizes mean, or all. Throws E_UNSUPPORTED for a size without a pool.
 */
const namedPools = (all: PoolSet, sizes: readonly SizeWord[]): Required<PoolSet> => {
  const { pools, unreadable = [] } = all
  if (sizes.length === 0) return { pools, unreadable }
  const broken = new Set(sizes.flatMap((size) => unreadable.find(isMeant(size)) ?? []))
  const isWhole = (size: SizeWord) => !unreadable.some(isMeant(size))
  const named = new Set(sizes.filter(isWhole).map((size) => findPool(all, size)))
  return {
    pools: pools.filter((pool) => named.has(pool)),
    unreadable: unreadable.filter((pool) => broken.has(pool)),
  }
}

/**
 * Adds what can be read of the other pools. Throws the first error where nothing at all can be
 * read.
 */
const withPartialPools = async (
  { tree }: Ports,
  whole: readonly Pool[],
  unreadable: readonly UnreadablePool[],
  nodes: readonly NodeId[],
): Promise<readonly ShownPool[]> => {
  const { readPartialPool } = await import('../../kernel/pools/partial-pool.ts')
  const partial = unreadable.map((pool) => readPartialPool(tree, pool, nodes))
  const [first] = unreadable
  if (first !== undefined && whole.length === 0 && !partial.some(showsCounters)) throw first.error
  return [...whole, ...partial].sort((a, b) => ascending(a.size, b.size))
}

/**
 * Lists all pools, or those of the named sizes, each as far as it can be read. Throws E_UNSUPPORTED
 * for a size without a pool.
 */
export const listPools = async (
  ports: Ports,
  sizes: readonly SizeWord[],
  perNode: boolean,
): Promise<PoolList> => {
  const { tree } = ports
  if (sizes.length === 0 && readPageSizes(tree).length === 0)
    return { pools: [], nodes: [], words: [], notes: [], failure: missingHugeTlb(tree) }
  const found = readPools(tree, perNode)
  const { pools: whole, unreadable } = namedPools(found, sizes)
  const nodes = perNode ? readNodeIds(tree) : []
  const pools =
    unreadable.length === 0 ? whole : await withPartialPools(ports, whole, unreadable, nodes)
  const ofDefault = defaultSayings(tree, found)
  const words = [...pools.flatMap(faultyWords), ...ofDefault.words]
  const notes = [...ofDefault.notes, ...pools.flatMap(listNotes)]
  return { pools, nodes, words, notes }
}
