import { freeSurplusOf } from '../pools/idle-surplus.ts'
import { overcommitRoom, type Pool } from '../pools/machine.ts'
import { approximateBytes, formatBytes } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { formatSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import type { FaultFacts } from './reasons/fault-facts.ts'

/**
 * Returns by how many pages a pool has to grow to have `pages` further pages for certain. A growth
 * makes surplus pages persistent before it makes any new ones (set_max_huge_pages in mm/hugetlb.c),
 * and it is not certain that there is memory for the surplus that overcommit then allows again.
 */
export const growthFor = ({ surplus }: Pool, pages: Pages): Pages => pages + surplus

/**
 * Returns by how many pages a node has to grow to have `pages` further pages there. Overcommit does
 * not help, because its pages may lie on other nodes. Free surplus of other nodes is added, because
 * it can leave the pool: before 6.7 a growth of one node makes it persistent and then surplus again
 * (SurplusRules.nodeFilesHeedSurplus), and its pages are freed where the new ones serve instead.
 */
export const growthOn = ({ nodes }: Pool, node: NodeId, pages: Pages): Pages =>
  nodes.reduce((sum, on) => sum + (on.node === node ? on.surplus : freeSurplusOf(on)), pages)

/**
 * Returns the hint that makes room for `pages` further pages: on the first of `nodes`, or anywhere
 * where no nodes are given.
 */
export const growthHint = (pool: Pool, pages: Pages, nodes?: readonly NodeId[]): string => {
  const size = formatSize(pool.size)
  const [node] = nodes ?? []
  return node === undefined
    ? `'hugepool resize ${size}=+${growthFor(pool, pages)}' makes room`
    : `'hugepool resize ${size}=${node}:+${growthOn(pool, node, pages)}' makes room there`
}

const overcommitHint = ({ size, surplus }: Pool, pages: Pages): string =>
  `'hugepool overcommit ${formatSize(size)}=${surplus + pages}' lets the kernel make what is missing`

/**
 * Returns hints that make room for `pages` further pages from any node. `noMemory` tells that
 * overcommit allowed the pages and the kernel found no memory for them; a plain growth would find
 * none either.
 */
export const roomHints = (
  { pool, canOvercommit, memory }: Pick<FaultFacts, 'pool' | 'canOvercommit' | 'memory'>,
  pages: Pages,
  noMemory = pages <= overcommitRoom(pool),
): readonly string[] => {
  const size = formatSize(pool.size)
  if (memory !== undefined && pages * pool.size > memory) {
    const less = plural(pages - memory / pool.size, 'page')
    return [
      `${formatBytes(pages * pool.size)} are missing, and the machine has ${approximateBytes(memory)} available: ask for ${less} less, or free memory`,
    ]
  }
  if (noMemory)
    return [
      `'hugepool resize ${size}=+${growthFor(pool, pages)} --compact' tries harder to find it`,
    ]
  return [growthHint(pool, pages), ...(canOvercommit ? [overcommitHint(pool, pages)] : [])]
}
