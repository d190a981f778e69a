import { isGigantic } from '../pools/gigantic.ts'
import { type Machine, memoryNodes, type Pool, persistent } from '../pools/machine.ts'
import { ascending } from '../words/bytes.ts'
import { type Count, pagesCount } from '../words/count.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { present } from '../words/present.ts'
import type { ConfiguredPages, ConfiguredPool } from './configuration.ts'

/**
 * Returns the pages by node; undefined where the nodes do not have all pages of the pool, or where
 * it has none.
 */
const byNode = (pool: Pool): ConfiguredPages['counts'] | undefined => {
  const nodes = pool.nodes.filter((node) => persistent(node) > 0n)
  const sum = nodes.reduce((all, node) => all + persistent(node), 0n)
  return sum === persistent(pool) && sum > 0n
    ? nodes.map((node) => ({ node: node.node, count: pagesCount(persistent(node)) }))
    : undefined
}

/** Names nodes only where several have memory: pages of one node can be nowhere else. */
const exportedPages = (machine: Machine, pool: Pool): ConfiguredPages => ({
  counts:
    (memoryNodes(machine).length > 1 ? byNode(pool) : undefined) ?? pagesCount(persistent(pool)),
  atLeast: false,
})

/**
 * Finds the size that the kernel splits into where nobody has said another one
 * (hugetlb_init_hstates in mm/hugetlb.c).
 */
const usualDemoteSize = (
  { pools, unreadable = [] }: Machine,
  size: PageSize,
): PageSize | undefined =>
  [...pools, ...unreadable]
    .map((pool) => pool.size)
    .filter((other) => other < size)
    .sort(ascending)
    .at(-1)

/**
 * Leaves out an overcommit of 0 of gigantic pages: before 6.19 the kernel knows no overcommit of
 * them, and does not even take a 0.
 */
const overcommitOf = (machine: Machine, { size, overcommit }: Pool): Count | undefined =>
  overcommit === undefined || (overcommit === 0n && isGigantic(machine, size))
    ? undefined
    : pagesCount(overcommit)

/** Describes a pool for a file, so that it would be as it is. */
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

/** Names what a pool has that no file can say. */
export const leftOutOfPool = (pool: Pool): readonly string[] => {
  const { surplus, size } = pool
  if (surplus <= 0n) return []
  return [`${plural(surplus, 'surplus page')} of ${formatSize(size)}: surplus goes by itself`]
}
