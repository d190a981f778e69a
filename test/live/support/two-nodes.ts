import { type Holding, hold, type Mapping } from './holder.ts'
import { memoryNodes, poolPath, sizeName, smallest, writeNumber } from './machine.ts'
import { holdOn, nodeCountsOf, setSpread } from './spread.ts'

/** The nodes with memory of a machine that has two of them. */
export const [first = 0, second = 1] = memoryNodes

export const name = sizeName(smallest)

/** Writes a node's file without hugepool, whatever the kernel makes of it. */
export const writeNode = (node: number, pages: number): void =>
  writeNumber(poolPath(smallest, 'nr_hugepages', node), pages)

/** Total, free and surplus pages of the two nodes: `8t 0f 6s`. */
export const countsNow = (): readonly string[] =>
  [first, second].map((node) => {
    const { total, free, surplus } = nodeCountsOf(smallest, node)
    return `${total}t ${free}f ${surplus}s`
  })

export interface UsedNode {
  /** The pages of the two nodes before. */
  readonly spread: readonly [first: number, second: number]
  /** The node of which pages are in use; the first otherwise. */
  readonly node?: number
  /** The pages in use; all of the node otherwise. */
  readonly used?: number
  /** The persistent pages that remain there; all otherwise. What is in use above them is surplus. */
  readonly persistent?: number
  readonly sharing?: Mapping['sharing']
}

/** Has pages of one node in use, some of them as surplus. */
export const useNode = async (how: UsedNode): Promise<Holding> => {
  const { spread, node = first, persistent, sharing = 'private' } = how
  const pages = how.used ?? spread[node === first ? 0 : 1]
  setSpread(smallest, spread)
  const holding = await holdOn(node, smallest, { pages, touch: pages, sharing })
  if (persistent !== undefined) writeNode(node, persistent)
  return holding
}

/** Eight reserved pages on the first node, and four surplus ones that nobody uses on the second. */
export const idleBesideReserved = async (): Promise<void> => {
  const ending = await useNode({ spread: [8, 4], used: 4 })
  await hold(smallest, { pages: 8 })
  writeNode(second, 0)
  await ending.release()
}
