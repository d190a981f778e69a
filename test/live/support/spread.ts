import { type Holding, hold, type Mapping } from './holder.ts'
import { memoryNodes, persistentOf, poolPath, readNumber, setPool } from './machine.ts'
import { native } from './program.ts'

const defaultPolicy = 0
const bind = 2

/** Persistent pages of each node with memory. */
export const spreadOf = (size: number): readonly number[] =>
  memoryNodes.map((node) => persistentOf(size, node))

/**
 * Has the next change of a whole pool begin at this node: the kernel goes on where its last
 * allocation and its last release left off, those of single nodes included.
 */
export const turnTo = (size: number, node: number): void => {
  const pages = persistentOf(size, node)
  setPool(size, pages + 1, node)
  setPool(size, pages, node)
}

/** Sets each node with memory without hugepool, and whose turn it is; throws where one gets less. */
export const setSpread = (size: number, pages: readonly number[], turn = 0): void => {
  for (const [index, node] of memoryNodes.entries()) setPool(size, pages[index] ?? 0, node)
  turnTo(size, memoryNodes[turn] ?? 0)
}

/** What the kernel counts of a pool on a node. */
export const nodeCountsOf = (size: number, node: number) => ({
  total: readNumber(poolPath(size, 'nr_hugepages', node)),
  free: readNumber(poolPath(size, 'free_hugepages', node)),
  surplus: readNumber(poolPath(size, 'surplus_hugepages', node)),
})

/** Holds pages of one node only: a process that is started inherits the policy of this thread. */
export const holdOn = (node: number, size: number, mapping: Mapping): Promise<Holding> => {
  native().setMempolicy(bind, [node])
  try {
    return hold(size, mapping)
  } finally {
    native().setMempolicy(defaultPolicy, [])
  }
}
