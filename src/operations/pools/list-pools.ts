import type { HugepoolError } from '../../errors.ts'
import { readNodeIds } from '../../kernel/pools/nodes.ts'
import { readPageSizes, readPools } from '../../kernel/pools/pools.ts'
import { missingHugeTlb } from '../../kernel/read-attribute.ts'
import { findPool, type Pool, sysfsHint } from '../../model/pools/machine.ts'
import { wrappedReservationWords } from '../../model/pools/wrapped-reservations.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import { formatSize, type SizeWord } from '../../model/words/page-size.ts'
import type { Ports } from '../ports.ts'

/** Pools for `list`. Without HugeTLB a script still gets an empty list, along with the error. */
export interface PoolList {
  readonly pools: readonly Pool[]
  /** Every node of the machine, including nodes without pools. Empty unless nodes are asked for. */
  readonly nodes: readonly NodeId[]
  readonly words: readonly string[]
  readonly failure?: HugepoolError
}

const listWords = (pool: Pool): readonly string[] => {
  const size = formatSize(pool.size)
  const unsettled = `${size}: the counters kept changing while they were read, or contradict each other: do not rely on them`
  const unseen = `${size}: ${sysfsHint}`
  return [
    ...(pool.onlyInProc ? [unseen] : []),
    ...(pool.settled ? [] : [unsettled]),
    ...wrappedReservationWords(pool),
  ]
}

/** Lists all pools, or those of the named sizes. Throws E_UNSUPPORTED for a size without a pool. */
export const listPools = (
  { tree }: Ports,
  sizes: readonly SizeWord[],
  perNode: boolean,
): PoolList => {
  if (sizes.length === 0 && readPageSizes(tree).length === 0)
    return { pools: [], nodes: [], words: [], failure: missingHugeTlb(tree) }
  const all = readPools(tree, perNode)
  const named = new Set(sizes.map((size) => findPool(all, size)))
  const pools = sizes.length === 0 ? all : all.filter((pool) => named.has(pool))
  return { pools, nodes: perNode ? readNodeIds(tree) : [], words: pools.flatMap(listWords) }
}
