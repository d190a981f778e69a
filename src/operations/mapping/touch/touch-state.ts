import type { TouchedPages, TouchRequest } from '../../../kernel/native/native-mapping.ts'
import { type NodePages, placedList } from '../../../model/mapping/frames.ts'
import type { MappingFailure } from '../../../model/mapping/mapping-result.ts'
import type { Pages } from '../../../model/words/count.ts'
import type { NodeId } from '../../../model/words/node-list.ts'

/** Longer than any page takes that does come: clearing 16G, compacting memory for a surplus page. */
export const stuckSeconds = 30

/** Somebody who touches pages: a mapping of this process, or one of another. */
export interface Toucher {
  /** Of another process. */
  readonly pid?: number
  touch(request: TouchRequest): Promise<TouchedPages>
  /** Pages touched by the call under way. */
  touched(): number
  stop(): void
  /** The node of each page of a range, or a negative errno. */
  nodes(from: number, to: number): readonly number[] | Promise<readonly number[]>
}

/** What touching came to so far. */
export interface TouchState {
  pages: Pages
  /** No page from this one on was touched: by several threads it may lie beyond `pages`. */
  reached: Pages
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
  reached: 0n,
  seconds: 0,
  threads: 1,
  populated: 0n,
  placed: new Map(),
})

/** Adds pages to those of their nodes. */
export const addPlaced = (placed: Map<NodeId, Pages>, more: readonly NodePages[]): void => {
  for (const { node, pages } of more) placed.set(node, (placed.get(node) ?? 0n) + pages)
}

export const placedSoFar = ({ placed }: TouchState): readonly NodePages[] => placedList(placed)
