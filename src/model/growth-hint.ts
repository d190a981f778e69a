import type { Pages } from './count.ts'
import type { Pool } from './machine.ts'
import type { NodeId } from './node-list.ts'
import { formatSize } from './page-size.ts'

/**
 * By how much a pool has to grow for so many further pages. A growth makes surplus pages persistent
 * before it makes any (set_max_huge_pages in mm/hugetlb.c), which leaves room for others only as far
 * as overcommit allows them.
 */
export const growthFor = ({ surplus, overcommit = 0n }: Pool, pages: Pages): Pages =>
  surplus > overcommit ? pages + surplus - overcommit : pages

/** The same for pages of one node, where overcommit is of no use: its pages may lie on others. */
export const growthOn = (pool: Pool, node: NodeId, pages: Pages): Pages =>
  pages + (pool.nodes.find((one) => one.node === node)?.surplus ?? 0n)

/** What makes room for so many further pages: on the first of `nodes`, or anywhere without them. */
export const growthHint = (pool: Pool, pages: Pages, nodes?: readonly NodeId[]): string => {
  const size = formatSize(pool.size)
  const [node] = nodes ?? []
  return node === undefined
    ? `'hugepool resize ${size}=+${growthFor(pool, pages)}' makes room`
    : `'hugepool resize ${size}=${node}:+${growthOn(pool, node, pages)}' makes room there`
}
