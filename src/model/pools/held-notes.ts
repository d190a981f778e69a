import { atLeastNone, type Pages } from '../words/count.ts'
import { type NodeId, namedNodes } from '../words/node-list.ts'
import { formatSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import type { Policy } from '../words/policy.ts'
import { present } from '../words/present.ts'
import { type Counters, countersOf, inUse, type Pool, persistent } from './machine.ts'
import type { ResolvedCount } from './pool-counts.ts'
import { poolName } from './pool-plan.ts'

export type Numbered = ResolvedCount & { readonly requested: Pages }

/** A request for a pool, or its part on a node, of which pages may be held. */
export interface HeldCount extends Numbered {
  /** Whether surplus that is there stays surplus, so that a shrink takes other pages. */
  readonly keepsSurplus: boolean
  /** What the request sets under a policy, which changes pages of its own nodes alone. */
  readonly ofPolicy?: PolicyPart
}

/** The nodes of a policy, their counters added up, and how many pages are to remain there. */
export interface PolicyPart extends Counters {
  readonly requested: Pages
  readonly on: readonly NodeId[]
}

const freedWords = (pages: Pages): string =>
  pages === 1n
    ? 'it leaves the pool when it is freed, and a program that ends cannot get it again'
    : 'they leave the pool when they are freed, and a program that ends cannot get them again'

/** Returns the pages that are in use, or reserved for those who have mapped them. */
const heldIn = ({ pool, node, ofPolicy }: HeldCount): Pages => {
  if (node !== undefined) return inUse(countersOf(pool, node))
  const reserved = atLeastNone(pool.reserved ?? 0n)
  if (ofPolicy === undefined) return inUse(pool) + reserved
  // Free pages of other nodes serve reservations as well.
  return inUse(ofPolicy) + atLeastNone(reserved - (pool.free - ofPolicy.free))
}

/** Names a pool, and the pages that are held and will be surplus. */
export const heldName = ({ pool, node, ofPolicy }: HeldCount, pages: Pages): string => {
  const on = ofPolicy === undefined ? '' : ` on ${namedNodes(ofPolicy.on)}`
  const name = `${poolName(present({ size: pool.size, node }))}${on}`
  const held = (pool.reserved ?? 0n) > 0n ? 'in use or reserved' : 'in use'
  return `${name}: ${plural(pages, 'page is', 'pages are')} ${held}`
}

/**
 * Returns the pages that a request leaves as surplus; a growth leaves none. Where surplus does not
 * become persistent first, a shrink takes free pages and leaves the surplus as it is.
 */
export const surplusLeft = (one: HeldCount): Pages => {
  if (one.requested > one.before) return 0n
  const { requested } = one.ofPolicy ?? one
  const { surplus } = one.ofPolicy ?? countersOf(one.pool, one.node)
  const held = atLeastNone(heldIn(one) - requested)
  const kept = one.keepsSurplus ? surplus : 0n
  return kept > held ? kept : held
}

/**
 * Says beforehand which pages stay as surplus. A program that holds them and is started again finds
 * none, unless overcommit allows them: then nothing is said. The note is repeated each time that
 * the request is.
 */
export const heldNotes = (one: HeldCount): readonly string[] => {
  const pages = surplusLeft(one)
  if (pages === 0n || (one.pool.overcommit ?? 0n) >= pages) return []
  return [`${heldName(one, pages)}: as surplus ${freedWords(pages)}`]
}

/**
 * Says for a dry run which pages stay as surplus that overcommit allows. A real run tells it
 * afterwards, by `allowedWords`.
 */
export const allowedNotes = (one: HeldCount): readonly string[] => {
  const pages = surplusLeft(one)
  if (pages === 0n || (one.pool.overcommit ?? 0n) < pages) return []
  const rest = pages === 1n ? 'it leaves the pool when it is' : 'they leave the pool when they are'
  return [`${heldName(one, pages)}: as surplus, which overcommit allows, ${rest} freed`]
}

/** Says beforehand that surplus above the requested overcommit stays only while it is in use. */
export const surplusNotes = (pool: Pool, requested: Pages): readonly string[] => {
  const pages = pool.surplus - requested
  if (pages <= 0n) return []
  return [
    `${formatSize(pool.size)}: ${plural(pages, 'surplus page is', 'surplus pages are')} above that: ${freedWords(pages)}`,
  ]
}

/** Says before a shrink under a policy that the other nodes alone have more than is to remain. */
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
