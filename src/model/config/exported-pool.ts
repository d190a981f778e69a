import { isGigantic } from '../pools/gigantic.ts'
import { type Machine, memoryNodes, type Pool, persistent } from '../pools/machine.ts'
import { ascending } from '../words/bytes.ts'
import { type Count, pagesCount } from '../words/count.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { present } from '../words/present.ts'
import type { ConfiguredPages, ConfiguredPool } from './configuration.ts'

/** The nodes with pages of a pool, where their pages are all that the pool has. */
const byNode = (pool: Pool): ConfiguredPages['counts'] | undefined => {
  const nodes = pool.nodes.filter((node) => persistent(node) > 0n)
  const sum = nodes.reduce((all, node) => all + persistent(node), 0n)
  return sum === persistent(pool) && sum > 0n
    ? nodes.map((node) => ({ node: node.node, count: pagesCount(persistent(node)) }))
    : undefined
}

/** Where only one node has memory, pages can be nowhere else. */
const exportedPages = (machine: Machine, pool: Pool): ConfiguredPages => ({
  counts:
    (memoryNodes(machine).length > 1 ? byNode(pool) : undefined) ?? pagesCount(persistent(pool)),
  atLeast: false,
})

/** The size that the kernel splits into where nobody said another: hugetlb_init_hstates in mm/hugetlb.c. */
const usualDemoteSize = (
  { pools, unreadable = [] }: Machine,
  size: PageSize,
): PageSize | undefined =>
  [...pools, ...unreadable]
    .map((pool) => pool.size)
    .filter((other) => other < size)
    .sort(ascending)
    .at(-1)

/** Before 6.19 the kernel knows no overcommit of gigantic pages, and takes not even a 0. */
const overcommitOf = (machine: Machine, { size, overcommit }: Pool): Count | undefined =>
  overcommit === undefined || (overcommit === 0n && isGigantic(machine, size))
    ? undefined
    : pagesCount(overcommit)

/** What a file says of a pool so that it would be as it is. */
export const exportedPool = (machine: Machine, pool: Pool): ConfiguredPool =>
  present({
    size: pool.size,
    pages: exportedPages(machine, pool),
    overcommit: overcommitOf(machine, pool),
    demoteSize:
      pool.demoteSize === usualDemoteSize(machine, pool.size) ? undefined : pool.demoteSize,
    essential: true,
    optional: false,
    boot: false,
  })

/** What a pool has that no file says. */
export const leftOutOfPool = (pool: Pool): readonly string[] => {
  const { surplus, size } = pool
  if (surplus <= 0n) return []
  return [`${plural(surplus, 'surplus page')} of ${formatSize(size)}: surplus goes by itself`]
}
