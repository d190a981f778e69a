import { countersOf, type Machine, type Pool, persistent } from '../pools/machine.ts'
import type { Assignment, NodeCount } from '../words/assignment.ts'
import { type Count, namedPages, type Pages, pagesCount } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { formatSize } from '../words/page-size.ts'
import { pathText } from './config-fault.ts'
import type { ConfiguredPages, ConfiguredPool } from './configuration.ts'

/** Returns the pages of a count that is not relative. */
export const configuredCount = (count: Count, { size }: Pick<Pool, 'size'>): Pages => {
  if (count.kind === 'pages' || count.kind === 'memory') return namedPages(count, size)
  throw new Error(`a configuration has no ${count.kind}`)
}

/**
 * Returns what there is, where that is more than the count asks for, so that the pool stays as it
 * is; otherwise the count.
 */
const atLeastCount = (count: Count, pool: Pool, node?: NodeId): Count => {
  const now = persistent(countersOf(pool, node))
  return now > configuredCount(count, pool) ? pagesCount(now) : count
}

/** Adds the nodes that a list does not name, which are to have no pages. */
const withOtherNodes = (counts: readonly NodeCount[], pool: Pool): readonly NodeCount[] => {
  const others = pool.nodes.filter((on) => !counts.some(({ node }) => node === on.node))
  return [...counts, ...others.map(({ node }) => ({ node, count: pagesCount(0n) }))]
}

const countsOn = ({ counts, atLeast }: ConfiguredPages, pool: Pool): Assignment['counts'] => {
  if ('kind' in counts) return atLeast ? atLeastCount(counts, pool) : counts
  if (!atLeast) return withOtherNodes(counts, pool)
  return counts.map(({ node, count }) => ({ node, count: atLeastCount(count, pool, node) }))
}

/** Writes the key of a pool as it stands in a file. */
export const poolKey = (size: bigint, key: string): string =>
  pathText(['pools', formatSize(size), key])

/** Returns the assignments of `resize` that the pages of a configuration mean on this machine. */
export const pagesAssignments = (
  { pools }: Pick<Machine, 'pools'>,
  configured: readonly ConfiguredPool[],
): readonly Assignment[] =>
  configured.flatMap(({ size, pages }) => {
    if (pages === undefined) return []
    const pool = pools.find((one) => one.size === size)
    const counts = pool === undefined ? pages.counts : countsOn(pages, pool)
    return [{ text: poolKey(size, 'pages'), size, counts }]
  })

/** Returns the assignments of `overcommit` that a configuration means. */
export const overcommitAssignments = (
  configured: readonly ConfiguredPool[],
): readonly Assignment[] =>
  configured.flatMap(({ size, overcommit }) =>
    overcommit === undefined
      ? []
      : [{ text: poolKey(size, 'overcommit'), size, counts: overcommit }],
  )
