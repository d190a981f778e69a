import type { TouchedPages, TouchRequest } from '../../../kernel/native/native-mapping.ts'
import { type NodePages, placedList } from '../../../model/mapping/frames.ts'
import type { MappingFailure } from '../../../model/mapping/mapping-result.ts'
import type { Pages } from '../../../model/words/count.ts'
import type { NodeId } from '../../../model/words/node-list.ts'

/** A mapping through which pages are touched, in this process or in another one. */
export interface Toucher {
  /** The id of the other process. Absent for this process. */
  readonly pid?: number
  touch(request: TouchRequest): Promise<TouchedPages>
  /** How many pages the call under way has touched. */
  touched(): number
  stop(): void
  /** The node of each page of a range, or a negative errno. */
  nodes(from: number, to: number): readonly number[] | Promise<readonly number[]>
}

/** What has been touched so far. */
export interface TouchState {
  pages: Pages
  /** No page from this one on was touched. With several threads it may lie beyond `pages`. */
  reached: Pages
  seconds: number
  threads: number
  /** The pages populated at mapping time, as far as the kernel shows where pages are. */
  populated: Pages
  readonly placed: Map<NodeId, Pages>
  failure?: MappingFailure
  isDevice?: true
  /** The kernel did not tell on which nodes the pages lie. */
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

/** Adds pages to the counts of their nodes. */
export const addPlaced = (placed: Map<NodeId, Pages>, more: readonly NodePages[]): void => {
  for (const { node, pages } of more) placed.set(node, (placed.get(node) ?? 0n) + pages)
}

export const placedSoFar = ({ placed }: TouchState): readonly NodePages[] => placedList(placed)
