import type { WatchState } from './watch-state.ts'

/** How many lines the table of pools has, those of nodes included where they are shown. */
export const shownPoolLines = ({ perNode, last }: WatchState): number => {
  if (last === undefined) return 0
  return last.pools.length * (perNode ? 1 + last.nodes.length : 1)
}

/** The lines of the holders follow those of the pools, and both scroll as one table. */
const linesOf = (state: WatchState): number =>
  shownPoolLines(state) + (state.showsHolders ? (state.last?.holds?.length ?? 0) : 0)

/** Scrolls so that this many lines are above the screen. The last line stays in sight. */
export const scrolledTo = (state: WatchState, lines: number): WatchState => ({
  ...state,
  scroll: Math.max(0, Math.min(lines, linesOf(state) - 1)),
})
