import { atLeastNone, type Pages } from '../words/count.ts'
import { namedNodes } from '../words/node-list.ts'
import { formatSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import type { Policy } from '../words/policy.ts'
import { countersOf, findPool, inUse, type Machine, type Pool, persistent } from './machine.ts'
import type { ResolvedCount } from './pool-counts.ts'
import { type PoolPlan, poolName } from './pool-plan.ts'

type Numbered = ResolvedCount & { readonly requested: Pages }

const restWords = (pages: Pages): string =>
  pages === 1n
    ? 'it leaves the pool when it is freed, and a program that ends cannot get it again'
    : 'they leave the pool when they are freed, and a program that ends cannot get them again'

/** The pages that are in use, or reserved for those who have mapped them. */
const heldIn = ({ pool, node }: Numbered): Pages =>
  node === undefined
    ? inUse(pool) + atLeastNone(pool.reserved ?? 0n)
    : inUse(countersOf(pool, node))

/**
 * Says before a shrink what it will turn into surplus: pages in use stay, but whoever restarts finds
 * no others. Nothing is said where overcommit lets them come back.
 */
export const heldNotes = (one: Numbered): readonly string[] => {
  const { pool, node, before, requested } = one
  const above = heldIn(one) - requested
  const pages = above - countersOf(pool, node).surplus
  if (requested >= before || pages <= 0n || (pool.overcommit ?? 0n) >= above) return []
  const name = poolName({ size: pool.size, ...(node !== undefined && { node }) })
  const held = (pool.reserved ?? 0n) > 0n ? 'in use or reserved' : 'in use'
  return [
    `${name}: ${plural(pages, 'page is', 'pages are')} ${held}: as surplus ${restWords(pages)}`,
  ]
}

/** Says before overcommit goes below the surplus there is that this stays only while it is used. */
export const surplusNotes = (pool: Pool, requested: Pages): readonly string[] => {
  const pages = pool.surplus - requested
  if (pages <= 0n || requested >= (pool.overcommit ?? 0n)) return []
  return [
    `${formatSize(pool.size)}: ${plural(pages, 'surplus page is', 'surplus pages are')} above that: ${restWords(pages)}`,
  ]
}

/** Says before a shrink under a policy that other nodes have more than is to remain. */
export const policyNotes = (one: Numbered, policy: Policy | undefined): readonly string[] => {
  const { pool, before, requested } = one
  if (policy === undefined || requested >= before) return []
  const others = pool.nodes.filter((on) => persistent(on) > 0n && !policy.nodes.includes(on.node))
  const elsewhere = others.reduce((sum, on) => sum + persistent(on), 0n)
  if (elsewhere <= requested) return []
  const pages = plural(elsewhere, 'page is', 'pages are')
  return [
    `${formatSize(pool.size)}: ${pages} on ${namedNodes(others.map(({ node }) => node))}, which the policy leaves alone: no fewer will remain`,
  ]
}

/**
 * Says which nodes cannot get as few pages as asked for on a kernel that adds the surplus of other
 * nodes to what is written.
 */
export const addedSurplusNotes = (
  machine: Machine,
  { steps }: Pick<PoolPlan, 'steps'>,
): readonly string[] =>
  steps.flatMap(({ size, node, value }) => {
    if (node === undefined) return []
    const pool = findPool(machine, size)
    const elsewhere = pool.surplus - countersOf(pool, node).surplus
    const isConverted = steps.some((step) => step.size === size && step.convertsSurplus)
    return value >= elsewhere || isConverted
      ? []
      : [
          `${poolName({ size, node })}: this kernel adds the surplus of other nodes, so no fewer than ${elsewhere} can be set`,
        ]
  })
