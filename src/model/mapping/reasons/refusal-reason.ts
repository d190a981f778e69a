import { availableNow, overcommitRoom } from '../../pools/machine.ts'
import { limitWords, raise, tooSmall } from '../../processes/cgroup-limit.ts'
import { type Bytes, formatBytes } from '../../words/bytes.ts'
import type { Pages } from '../../words/count.ts'
import { formatNodes, namedNodes } from '../../words/node-list.ts'
import { plural } from '../../words/plural.ts'
import { growthHint, roomHints } from '../growth-hint.ts'
import { noMore } from '../mapping-words.ts'
import { boundNodes, type FaultFacts, freeOn, largerMount, type Reason } from './fault-facts.ts'

const refusedByGroup = ({ limits, size, wanted }: FaultFacts): Reason | undefined => {
  const limit = tooSmall(limits.reserved, size * wanted)
  return limit && { why: `${limitWords(limit)}: too little`, advice: [raise(limit)] }
}

const refusedByMount = ({ mount, size, wanted, pool }: FaultFacts): Reason | undefined => {
  if (mount?.free === undefined || mount.free >= size * wanted) return undefined
  const left = `its size limit leaves ${plural(mount.free / size, 'page')}`
  return {
    why: `the mount ${mount.target} is full: ${left}, while the pool has ${availableNow(pool)} available`,
    advice: [largerMount],
  }
}

/**
 * Returns the pages that are reserved for files on the mount, including those that other mappings
 * reserved.
 */
const heldByMount = ({ mount, size }: FaultFacts): Pages => (mount?.least ?? 0n) / size

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
 * surplus pages that overcommit makes there.
 */
const poolAdvice = (facts: FaultFacts, missing: Pages): readonly string[] => {
  const { pool, wanted } = facts
  const nodes = boundNodes(facts)
  if (nodes !== undefined) {
    const short = wanted - freeOn(pool, nodes)
    return [growthHint(pool, short > missing ? short : missing, nodes)]
  }
  return roomHints(facts, missing)
}

const refusedByPool = (facts: FaultFacts): Reason | undefined => {
  const { pool, wanted } = facts
  const missing = wanted - availableNow(pool) - heldByMount(facts)
  if (missing <= 0n) return undefined
  return {
    why: missingPagesWords(facts, missing),
    advice: poolAdvice(facts, missing),
  }
}

/**
 * Explains a refusal by the nodes: from 5.9 on the kernel compares a mapping with the free pages of
 * the nodes that it may use.
 */
const refusedByNode = (facts: FaultFacts): Reason | undefined => {
  const { pool, wanted, policy } = facts
  const nodes = boundNodes(facts)
  if (nodes === undefined) return undefined
  const free = freeOn(pool, nodes)
  if (free >= wanted) return undefined
  const who = policy?.mode === 'bind' ? `bind:${formatNodes(nodes)}` : 'the cpuset'
  return {
    why: `${free} free on ${namedNodes(nodes)}, and ${who} allows no others: ${wanted - free} missing`,
    advice: [growthHint(pool, wanted - free, nodes)],
  }
}

/**
 * Explains a refusal by a min_size that is partly used. Which mapping has reserved a page of it
 * cannot be seen.
 */
const refusedByMinimum = (facts: FaultFacts): Reason | undefined => {
  const { pool, wanted, mount } = facts
  const held = heldByMount(facts)
  const left = availableNow(pool)
  if (held === 0n || left >= wanted) return undefined
  return {
    why: `${left} available, and files there use part of the ${held} held by the min_size of ${mount?.target}`,
    advice: [growthHint(pool, wanted - left, boundNodes(facts))],
  }
}

/** The address space of most processors has 47 bits for user space, and some of it is in use. */
const roomOfProcessor = 2n ** 46n

/**
 * RLIMIT_AS counts every mapping and RLIMIT_DATA private ones. Where neither is set, something else
 * refused the mapping.
 */
export const spaceReason = (bytes: Bytes, isLimited: boolean): Reason =>
  isLimited || bytes >= roomOfProcessor
    ? {
        why: `no room for ${formatBytes(bytes)} in the address space`,
        advice: isLimited ? ["'ulimit -v' and 'ulimit -d' show the limits of this shell"] : [],
      }
    : {
        why: 'the kernel refuses it for a reason that it does not show, such as a limit of a cgroup that cannot be seen from here',
        advice: [],
      }

/**
 * Explains why a mapping was refused with ENOMEM. The order is that in which the kernel checks: the
 * cgroup, the mount's limit, the pool, its nodes (hugetlb_reserve_pages in mm/hugetlb.c).
 */
export const refusalReason = (facts: FaultFacts): Reason => {
  const { noreserve, size, wanted, isSpaceLimited } = facts
  const space = spaceReason(size * wanted, isSpaceLimited)
  if (noreserve) return space
  return (
    refusedByGroup(facts) ??
    refusedByMount(facts) ??
    refusedByPool(facts) ??
    refusedByNode(facts) ??
    refusedByMinimum(facts) ??
    space
  )
}
