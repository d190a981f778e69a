import type { NodeId } from '../words/node-list.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { type CounterChange, counterChanges } from './counter-changes.ts'
import type { PoolLook } from './pool-look.ts'

/** What happened between two looks, in words. */
export interface WatchEvent {
  /** The moment of the later look, in milliseconds since 1970. */
  readonly moment: number
  readonly words: string
}

const size = (change: bigint): bigint => (change < 0n ? -change : change)

/** Words for a counter that rose and for one that fell. */
const moved = (
  change: bigint | undefined,
  rose: (pages: string) => string,
  fell: (pages: string) => string,
  noun = 'page',
): readonly string[] => {
  if (change === undefined) return []
  return [(change > 0n ? rose : fell)(plural(size(change), noun))]
}

/** Tells what happened to the pages themselves, each of which is on a node. */
const pagesTold = ({ changes }: CounterChange): readonly string[] => [
  ...moved(
    changes.persistent,
    (pages) => `${pages} added`,
    (pages) => `${pages} taken away`,
  ),
  ...moved(
    changes.surplus,
    (pages) => `${pages} made`,
    (pages) => `${pages} returned`,
    'surplus page',
  ),
  ...moved(
    changes.inUse,
    (pages) => `${pages} faulted in`,
    (pages) => `${pages} given back`,
  ),
]

/** Tells what happened to promises, which the kernel counts for the whole pool only. */
const promisesTold = ({ changes: { reserved, overcommit } }: CounterChange): readonly string[] => [
  ...(reserved === undefined
    ? []
    : [`${size(reserved)} ${reserved > 0n ? 'reserved' : 'no longer reserved'}`]),
  ...(overcommit === undefined
    ? []
    : [`overcommit ${overcommit > 0n ? 'raised' : 'lowered'} by ${size(overcommit)}`]),
]

const sentenceOf = (pageSize: PageSize, node: NodeId | undefined, words: readonly string[]) =>
  words.length === 0
    ? []
    : [`${formatSize(pageSize)}${node === undefined ? '' : ` node ${node}`}: ${words.join('; ')}`]

/**
 * Makes the sentences on one pool, by node where the nodes are known. Promises are those of the whole
 * pool: they follow the words on a node where only one node has any, and are a sentence of their own
 * otherwise.
 */
const poolSentences = (
  pageSize: PageSize,
  whole: CounterChange | undefined,
  parts: readonly CounterChange[],
): readonly string[] => {
  const promised = whole === undefined ? [] : promisesTold(whole)
  const told = parts
    .map(({ node, ...part }) => ({ node, words: pagesTold(part) }))
    .filter(({ words }) => words.length > 0)
  const [only, ...others] = told
  if (only === undefined) {
    const words = whole === undefined ? [] : pagesTold(whole)
    return sentenceOf(pageSize, undefined, [...words, ...promised])
  }
  if (others.length === 0) return sentenceOf(pageSize, only.node, [...only.words, ...promised])
  return [
    ...told.flatMap(({ node, words }) => sentenceOf(pageSize, node, words)),
    ...sentenceOf(pageSize, undefined, promised),
  ]
}

/** Finds the sizes that one look has and the other does not. */
const missingIn = (look: PoolLook, other: PoolLook): readonly PageSize[] => {
  const there = new Set(other.pools.map((pool) => pool.size))
  return look.pools.map((pool) => pool.size).filter((each) => !there.has(each))
}

/** Finds the nodes that one look has and the other does not. */
const nodesMissingIn = ({ nodes }: PoolLook, other: PoolLook): readonly NodeId[] =>
  nodes.filter((node) => !other.nodes.includes(node))

/**
 * Tells what happened between two looks, a sentence for each pool or node:
 * `2M node 1: 64 pages faulted in; 3 reserved`. Pages that came and went in between are not seen.
 */
export const watchEvents = (before: PoolLook, after: PoolLook): readonly WatchEvent[] => {
  const changes = counterChanges(before, after)
  const ofPools = after.pools.flatMap((pool) => {
    const own = changes.filter((change) => change.size === pool.size)
    const whole = own.find(({ node }) => node === undefined)
    const parts = own.filter(({ node }) => node !== undefined)
    return poolSentences(pool.size, whole, parts)
  })
  return [
    ...nodesMissingIn(before, after).map((node) => `node ${node} is gone`),
    ...nodesMissingIn(after, before).map((node) => `node ${node} appeared`),
    ...missingIn(before, after).map((each) => `${formatSize(each)}: the pool is gone`),
    ...missingIn(after, before).map((each) => `${formatSize(each)}: the pool appeared`),
    ...ofPools,
  ].map((words) => ({ moment: after.moment, words }))
}
