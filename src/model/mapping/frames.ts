import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'

/** The number of a mapping's pages that lie on a node. */
export interface NodePages {
  readonly node: NodeId
  readonly pages: Pages
}

/** The place of one page of a mapping. Values that cannot be read are absent. */
export interface Frame {
  readonly page: Pages
  /** The address in the process that mapped the page. */
  readonly address: bigint
  /** The frame number in base pages. Only root (CAP_SYS_ADMIN) can read it. */
  readonly frame?: bigint
  readonly node?: NodeId
}

/** Pages that follow each other in physical memory as they do in the mapping. */
export interface FrameRun {
  readonly page: Pages
  readonly pages: Pages
}

/**
 * Groups frames into physically contiguous runs. Returns undefined where the frame of any page is
 * not visible. `base` is the base page size in bytes.
 */
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

/** The number of run lengths that a sentence names. The table and the document have all of them. */
const mostLengths = 16

export const runsWords = (runs: readonly FrameRun[]): string => {
  const count = plural(runs.length, 'physically contiguous run')
  const lengths = runs.slice(0, mostLengths).map(({ pages }) => `${pages}`)
  const more = runs.length > mostLengths ? ', ...' : ''
  const unit = runs.length === 1 && runs[0]?.pages === 1n ? 'page' : 'pages'
  return `${count} of ${lengths.join(', ')}${more} ${unit}`
}

/** Lists the pages of each node, the lowest node first. */
export const placedList = (placed: ReadonlyMap<NodeId, Pages>): readonly NodePages[] =>
  [...placed].map(([node, pages]) => ({ node, pages })).sort((a, b) => a.node - b.node)

/** Counts the pages on each node. Pages whose node is not known are left out. */
export const placedOn = (nodes: readonly (NodeId | undefined)[]): readonly NodePages[] => {
  const counts = new Map<NodeId, Pages>()
  for (const node of nodes) if (node !== undefined) counts.set(node, (counts.get(node) ?? 0n) + 1n)
  return placedList(counts)
}
