import type { Pages } from '../../words/count.ts'
import type { NodeId } from '../../words/node-list.ts'
import type { FoundArea } from './found-pages.ts'
import type { PagesOnNode } from './page-hold.ts'

/** Adds up pages by node, in the order of the nodes. */
export const addNodes = (all: readonly PagesOnNode[]): readonly PagesOnNode[] => {
  const sums = new Map<NodeId, Pages>()
  for (const { node, pages } of all) sums.set(node, (sums.get(node) ?? 0n) + pages)
  return [...sums]
    .filter(([, pages]) => pages > 0n)
    .sort(([a], [b]) => a - b)
    .map(([node, pages]) => ({ node, pages }))
}

/** The pages of several areas by node. A frame that is in several page tables counts once. */
export const nodesOfAreas = (
  areas: readonly Pick<FoundArea, 'frameNodes'>[],
): readonly PagesOnNode[] => {
  const nodeOfFrame = new Map(areas.flatMap((area) => [...area.frameNodes]))
  return addNodes([...nodeOfFrame.values()].map((node) => ({ node, pages: 1n })))
}

/** Where one node alone has memory, all pages are there. Undefined where there are several. */
export const wholeOn = (
  only: NodeId | undefined,
  pages: Pages,
): readonly PagesOnNode[] | undefined =>
  only === undefined ? undefined : addNodes([{ node: only, pages }])
