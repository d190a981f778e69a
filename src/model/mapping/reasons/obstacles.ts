import { availableNow, overcommitRoom } from '../../pools/machine.ts'
import { allTooSmall, type CgroupLimit, limitWords, raise } from '../../processes/cgroup-limit.ts'
import type { Bytes } from '../../words/bytes.ts'
import { atLeastNone, type Pages } from '../../words/count.ts'
import { namedNodes } from '../../words/node-list.ts'
import { plural } from '../../words/plural.ts'
import { present } from '../../words/present.ts'
import { growthHint, roomHints } from '../growth-hint.ts'
import { noMore } from '../mapping-words.ts'
import {
  boundNodes,
  boundWords,
  bytesWanted,
  type FaultFacts,
  freeOn,
  largerMount,
  type Reason,
  wantedInAll,
} from './fault-facts.ts'

/** Returns the facts for this mapping alone, and for each mapping that comes after it. */
const eachMapping = ({ later = [], ...facts }: FaultFacts): readonly FaultFacts[] => {
  const { policy: _, ...common } = facts
  return [facts, ...later.map(({ pages, policy }) => present({ ...common, wanted: pages, policy }))]
}

/** Returns the limits of cgroups that leave too little for all pages that are wanted. */
export const limitObstacles = (
  limits: readonly CgroupLimit[],
  facts: FaultFacts,
  what = 'too little',
): readonly Reason[] =>
  allTooSmall(limits, bytesWanted(facts)).map((limit) => ({
    reason: 'limit',
    why: `${limitWords(limit)}: ${what}`,
    advice: [raise(limit, bytesWanted(facts))],
  }))

export const memoryLimitReason = (limit: CgroupLimit, bytes: Bytes): Reason => ({
  reason: 'limit',
  why: `${limitWords(limit)}, and huge pages count in it (memory_hugetlb_accounting)`,
  advice: [raise(limit, bytes)],
})

/**
 * Returns the limits that a page meets only when it is touched. What counts in memory.max already
 * does not matter, because it can be reclaimed.
 */
export const touchLimits = (facts: FaultFacts): readonly Reason[] => {
  const { limits, noreserve } = facts
  const bytes = bytesWanted(facts)
  return [
    ...limitObstacles(
      [...limits.pages, ...(noreserve ? limits.reserved : [])],
      facts,
      'too little to touch them',
    ),
    ...limits.memory
      .filter(({ max }) => max < bytes)
      .map((limit) => memoryLimitReason(limit, bytes)),
  ]
}

export const mountObstacle = (facts: FaultFacts): Reason | undefined => {
  const { mount, size, pool } = facts
  if (mount?.free === undefined || mount.free >= bytesWanted(facts)) return undefined
  const left = `its size limit leaves ${plural(mount.free / size, 'page')}`
  return {
    reason: 'limit',
    why: `the mount ${mount.target} is full: ${left}, while the pool has ${availableNow(pool)} available`,
    advice: [largerMount],
  }
}

/**
 * Returns the pages that are reserved for files on the mount, including those that other mappings
 * reserved.
 */
export const heldByMount = ({ mount, size }: FaultFacts): Pages => (mount?.least ?? 0n) / size

/** Describes how many pages the pool lacks, and whether overcommit could make up for them. */
const missingPagesWords = (facts: FaultFacts, missing: Pages): string => {
  const { pool } = facts
  const room = overcommitRoom(pool)
  const held = heldByMount(facts)
  const left = availableNow(pool)
  const lacks =
    held === 0n
      ? `${left} available: ${missing} missing`
      : `${left} available and up to ${held} held by the min_size of ${facts.mount?.target}: at least ${missing} missing`
  if (room >= missing) return `${lacks}; overcommit allows ${room}, but the memory was not found`
  return `${lacks}, and overcommit allows ${room === 0n ? noMore(pool) : `only ${room}`}`
}

/**
 * Returns advice for a pool that lacks pages. A bound mapping cannot use pages of other nodes, nor
 * surplus pages that overcommit makes there. Where the nodes lack fewer pages than are missing, the
 * rest is reserved by others, and the first node has to grow by it.
 */
const poolAdvice = (facts: FaultFacts, missing: Pages): readonly string[] => {
  const { pool } = facts
  if (boundNodes(facts) === undefined) return roomHints(facts, missing)
  const shorts = eachMapping(facts).map((one) => {
    const nodes = boundNodes(one) ?? []
    return { nodes, short: atLeastNone(one.wanted - freeOn(pool, nodes)) }
  })
  const rest = atLeastNone(shorts.reduce((left, { short }) => left - short, missing))
  return shorts.flatMap(({ nodes, short }, index) => {
    const pages = index === 0 ? short + rest : short
    return pages > 0n ? [growthHint(pool, pages, nodes)] : []
  })
}

export const poolObstacle = (facts: FaultFacts): Reason | undefined => {
  const missing = wantedInAll(facts) - availableNow(facts.pool) - heldByMount(facts)
  if (missing <= 0n) return undefined
  return {
    reason: 'short',
    why: missingPagesWords(facts, missing),
    advice: poolAdvice(facts, missing),
  }
}

const nodeObstacle = (facts: FaultFacts): Reason | undefined => {
  const { pool, wanted } = facts
  const nodes = boundNodes(facts)
  if (nodes === undefined) return undefined
  const free = freeOn(pool, nodes)
  if (free >= wanted) return undefined
  return {
    reason: 'short',
    why: `${free} free on ${namedNodes(nodes)}, ${boundWords(facts)}: ${wanted - free} missing`,
    advice: [growthHint(pool, wanted - free, nodes)],
  }
}

/**
 * Returns the nodes that have too few free pages for the mappings that are bound to them. From 5.9
 * on the kernel compares a mapping with the free pages of the nodes that it may use.
 */
export const nodeObstacles = (facts: FaultFacts): readonly Reason[] =>
  eachMapping(facts).flatMap((one) => nodeObstacle(one) ?? [])

/**
 * Returns the nodes that have too few free pages for the mappings that come after this one; none
 * where overcommit may still make pages.
 */
export const laterNodeObstacles = (facts: FaultFacts): readonly Reason[] =>
  overcommitRoom(facts.pool) > 0n
    ? []
    : eachMapping(facts)
        .slice(1)
        .flatMap((one) => nodeObstacle(one) ?? [])

/**
 * Returns the lack of pages that touching a mapping would meet. A lack that overcommit may make up
 * for does not count, because there may be memory for its pages.
 */
const pagesObstacles = (facts: FaultFacts): readonly Reason[] => {
  const { pool, noreserve } = facts
  const room = overcommitRoom(pool)
  const exhausted =
    noreserve && wantedInAll(facts) > availableNow(pool) + room ? poolObstacle(facts) : undefined
  if (exhausted !== undefined) return [exhausted]
  return room > 0n ? [] : nodeObstacles(facts)
}

/**
 * Returns what stands in the way of touching all pages of a mapping that exists: the mount, limits
 * and the lack of pages. The mount counts for a mapping without a reservation alone.
 */
export const touchObstacles = (facts: FaultFacts) => {
  const mount = facts.noreserve ? mountObstacle(facts) : undefined
  return {
    mount: mount === undefined ? [] : [mount],
    limits: touchLimits(facts),
    pages: pagesObstacles(facts),
  }
}

/**
 * Whether pages are missing in the pool or on the nodes to which the mapping is bound. The pages of
 * a mapping that exists (`isMapped`) are reserved for it, unless it was made with NORESERVE.
 */
export const lacksPages = (facts: FaultFacts, isMapped: boolean): boolean => {
  const { pool, noreserve, file } = facts
  if (file !== undefined && file.bytes < file.needed) return false
  const left = isMapped && !noreserve ? pool.free : availableNow(pool)
  return left < (isMapped ? 1n : wantedInAll(facts)) || nodeObstacles(facts).length > 0
}

/** Joins all reasons into one: the first is what the kernel met, the others come after it. */
export const joinReasons = ([first, ...others]: readonly [Reason, ...Reason[]]): Reason => ({
  reason: first.reason,
  why: [first.why, ...others.map(({ why }) => why)].join('; besides, '),
  advice: [...new Set([first, ...others].flatMap(({ advice }) => advice))],
})
