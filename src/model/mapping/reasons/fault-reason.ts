import { availableNow, overcommitRoom } from '../../pools/machine.ts'
import { allTooSmall, hiddenLimit, limitWords, raise } from '../../processes/cgroup-limit.ts'
import { formatBytes } from '../../words/bytes.ts'
import { namedNodes } from '../../words/node-list.ts'
import { plural } from '../../words/plural.ts'
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
} from './fault-facts.ts'
import { joinReasons, laterNodeObstacles, memoryLimitReason, touchObstacles } from './obstacles.ts'

const faultByTruncation = ({ file }: FaultFacts): Reason | undefined =>
  file === undefined || file.bytes >= file.needed
    ? undefined
    : {
        reason: 'changed',
        why: `the file ends before this page: it has been truncated to ${formatBytes(file.bytes)}`,
        advice: [],
      }

/**
 * Explains a fault by the size limit of the mount. Only NORESERVE mappings meet it: others took
 * their share of the limit when they were made.
 */
const faultByMount = ({ noreserve, mount, size }: FaultFacts): Reason | undefined =>
  noreserve && mount?.free !== undefined && mount.free < size
    ? {
        reason: 'limit',
        why: `the size limit of the mount ${mount.target} is used up, not the pool`,
        advice: [largerMount],
      }
    : undefined

const faultByGroup = (facts: FaultFacts): Reason | undefined => {
  const { noreserve, limits, size } = facts
  const [limit] = allTooSmall([...(noreserve ? limits.reserved : []), ...limits.pages], size)
  return (
    limit && {
      reason: 'limit',
      why: `${limitWords(limit)}: no room for another page`,
      advice: [raise(limit, bytesWanted(facts))],
    }
  )
}

const overcommitWords = (facts: FaultFacts): string => {
  const room = overcommitRoom(facts.pool)
  if (room === 0n) return `overcommit allows ${noMore(facts.pool)}`
  return `overcommit would allow ${room} more, but no memory was found for one`
}

/**
 * Explains a fault by an exhausted pool. Reserved pages count as free, but only those who reserved
 * them get them.
 */
const faultByPool = (facts: FaultFacts): Reason | undefined => {
  const { pool, noreserve, isCopy, wanted } = facts
  const left = noreserve ? availableNow(pool) : pool.free
  if (left > 0n) return undefined
  const promised = pool.free > 0n ? ` (${pool.free} free, all reserved by others)` : ''
  const nodes = boundNodes(facts)
  const none = noreserve && !isCopy ? ', and a NORESERVE mapping is promised none' : ''
  return {
    reason: 'short',
    why: `the pool is exhausted: no page is available${promised}${none}; ${overcommitWords(facts)}`,
    advice:
      nodes === undefined
        ? roomHints(facts, wanted, overcommitRoom(pool) > 0n)
        : [growthHint(pool, wanted, nodes)],
  }
}

const faultByNode = (facts: FaultFacts): Reason | undefined => {
  const { pool, wanted } = facts
  const nodes = boundNodes(facts)
  if (nodes === undefined || freeOn(pool, nodes) > 0n) return undefined
  const elsewhere = `${plural(pool.free, 'page is', 'pages are')} free on other nodes`
  return {
    reason: 'short',
    why: `no page is free on ${namedNodes(nodes)}, ${boundWords(facts)}; ${elsewhere}; ${overcommitWords(facts)}`,
    advice: [growthHint(pool, wanted, nodes)],
  }
}

/** Explains a fault by a memory limit of a cgroup. Kernels after 7.2 give SIGBUS at this limit. */
const faultByMemoryLimit = (facts: FaultFacts): Reason | undefined => {
  const [limit] = allTooSmall(facts.limits.memory, facts.size)
  return limit && memoryLimitReason(limit, bytesWanted(facts))
}

const faultByMemory = (facts: FaultFacts): Reason => {
  const { reason, why, advice } = faultByMemoryLimit(facts) ?? {
    reason: 'no-memory',
    why: 'the kernel found no memory for what belongs to the page, or a cgroup that cannot be seen from here limits it',
    advice: [],
  }
  return {
    reason,
    why: `${why}; a program that stores there faults for ever on kernels from 6.7 to 7.2`,
    advice,
  }
}

const poisoned: Reason = {
  reason: 'damaged',
  why: 'the memory of this page is damaged (hardware poison)',
  advice: ["the kernel's log and 'edac-util' name the memory module"],
}

/** Explains errnos that have the same meaning wherever they come from. */
const byErrno = (errno: string, facts: FaultFacts): Reason | undefined => {
  if (errno === 'EHWPOISON') return poisoned
  if (errno === 'ENOMEM') return faultByMemory(facts)
  if (errno !== 'STUCK') return undefined
  const { reason, why, advice } = faultByMemory(facts)
  return { reason, why: `the fault never completed: ${why}`, advice }
}

/** What failed a page, where the obstacles of the next pages say the same in other words. */
type CauseKind = 'file' | 'mount' | 'pages'

type Cause = readonly [explain: (facts: FaultFacts) => Reason | undefined, kind?: CauseKind]

/** The explanations of a page that was not given, in the order in which the kernel checks. */
const causes: readonly Cause[] = [
  [faultByTruncation, 'file'],
  [faultByMount, 'mount'],
  [faultByGroup],
  [faultByPool, 'pages'],
  [faultByNode, 'pages'],
  [faultByMemoryLimit],
]

/**
 * Returns what stands in the way of the pages that are wanted after the one that failed. A limit
 * that failed the page is not named again.
 */
const besides = (
  facts: FaultFacts,
  kind: CauseKind | undefined,
  cause: Reason,
): readonly Reason[] => {
  if (kind === 'file') return []
  const { mount, limits, pages } = touchObstacles(facts)
  return [
    ...(kind === 'mount' ? [] : mount),
    // A limit has one piece of advice, which names its file.
    ...limits.filter(({ advice: [raise = ''] }) => !cause.advice.includes(raise)),
    ...(kind === 'pages' ? laterNodeObstacles(facts) : pages),
  ]
}

/**
 * Explains why the kernel gave no page. The order is that in which the kernel checks: the file, the
 * mount's limit, the cgroup, the pool, its nodes, the memory limit of the cgroup
 * (alloc_hugetlb_folio in mm/hugetlb.c). What the further pages would meet is named too, so that
 * all can be mended at once.
 */
export const faultReason = (errno: string, facts: FaultFacts): Reason => {
  const known = byErrno(errno, facts)
  if (known !== undefined) return known
  for (const [explain, kind] of causes) {
    const cause = explain(facts)
    if (cause !== undefined) return joinReasons([cause, ...besides(facts, kind, cause)])
  }
  return {
    reason: 'kernel',
    why: `the kernel gave no page, for a reason that it does not show, ${hiddenLimit}`,
    advice: [],
  }
}
