import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'

/** How many pages of a mapping lie on a node. */
export interface NodePages {
  readonly node: NodeId
  readonly pages: Pages
}

/** Where a page of a mapping lies; what cannot be seen is absent. */
export interface Frame {
  readonly page: Pages
  /** In the address space of the process that mapped it. */
  readonly address: bigint
  /** In base pages; only for root (CAP_SYS_ADMIN). */
  readonly frame?: bigint
  readonly node?: NodeId
}

/** Pages that follow each other in physical memory as they do in the mapping. */
export interface FrameRun {
  readonly page: Pages
  readonly pages: Pages
}

/** Runs of neighbours; undefined where the frame of any page cannot be seen. `base` is in bytes. */
export const contiguousRuns = (
  frames: readonly Frame[],
  size: PageSize,
  base: bigint,
): readonly FrameRun[] | undefined => {
  const runs: { page: Pages; pages: Pages; next: bigint }[] = []
  for (const { page, frame } of frames) {
    if (frame === undefined) return undefined
    const last = runs.at(-1)
    if (last !== undefined && last.next === frame && last.page + last.pages === page) {
      last.pages += 1n
      last.next += size / base
    } else runs.push({ page, pages: 1n, next: frame + size / base })
  }
  return runs.map(({ page, pages }) => ({ page, pages }))
}

/** At most so many lengths of runs are said; all of them are in the table and in the document. */
const mostLengths = 16

export const runsWords = (runs: readonly FrameRun[]): string => {
  const count = plural(runs.length, 'physically contiguous run')
  const lengths = runs.slice(0, mostLengths).map(({ pages }) => `${pages}`)
  const more = runs.length > mostLengths ? ', ...' : ''
  const unit = runs.length === 1 && runs[0]?.pages === 1n ? 'page' : 'pages'
  return `${count} of ${lengths.join(', ')}${more} ${unit}`
}

/** Pages of nodes, from the lowest node on. */
export const placedList = (placed: ReadonlyMap<NodeId, Pages>): readonly NodePages[] =>
  [...placed].map(([node, pages]) => ({ node, pages })).sort((a, b) => a.node - b.node)

/** How many pages lie on each node, by its id. Pages of which that is not known are left out. */
export const placedOn = (nodes: readonly (NodeId | undefined)[]): readonly NodePages[] => {
  const counts = new Map<NodeId, Pages>()
  for (const node of nodes) if (node !== undefined) counts.set(node, (counts.get(node) ?? 0n) + 1n)
  return placedList(counts)
}
