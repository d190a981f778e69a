import type { Pages } from '../model/count.ts'
import type { MappingFailure } from '../model/mapping-result.ts'
import type { Placed } from '../model/mapping-words.ts'
import type { NodeId } from '../model/node-list.ts'

/** Longer than any page takes that does come: clearing 16G, compacting memory for a surplus page. */
export const stuckSeconds = 30

/** What touching came to so far. */
export interface TouchState {
  pages: Pages
  seconds: number
  threads: number
  /** Faulted in by MAP_POPULATE, as far as the kernel tells where pages are. */
  populated: Pages
  readonly placed: Map<NodeId, Pages>
  failure?: MappingFailure
  isDevice?: true
  /** The kernel did not tell where pages lie. */
  unplaced?: true
}

export const newTouchState = (): TouchState => ({
  pages: 0n,
  seconds: 0,
  threads: 1,
  populated: 0n,
  placed: new Map(),
})

/** Adds pages to those of their nodes. */
export const addPlaced = (placed: Map<NodeId, Pages>, more: readonly Placed[]): void => {
  for (const { node, pages } of more) placed.set(node, (placed.get(node) ?? 0n) + pages)
}

/** By node, from the lowest one on. */
export const placedList = (placed: ReadonlyMap<NodeId, Pages>): readonly Placed[] =>
  [...placed].map(([node, pages]) => ({ node, pages })).sort((a, b) => a.node - b.node)

export const placedSoFar = ({ placed }: TouchState): readonly Placed[] => placedList(placed)
