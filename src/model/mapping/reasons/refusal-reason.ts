import { availableNow } from '../../pools/machine.ts'
import { hiddenLimit } from '../../processes/cgroup-limit.ts'
import type { ProcessSpace } from '../../processes/process-identity.ts'
import { type Bytes, formatBytes } from '../../words/bytes.ts'
import { plural } from '../../words/plural.ts'
import { growthHint } from '../growth-hint.ts'
import { boundNodes, type FaultFacts, type Reason } from './fault-facts.ts'
import {
  heldByMount,
  joinReasons,
  limitObstacles,
  mountObstacle,
  nodeObstacles,
  poolObstacle,
  touchLimits,
} from './obstacles.ts'

/**
 * Explains a refusal by a min_size that is partly used. No file shows how much of it is.
 */
const refusedByMinimum = (facts: FaultFacts): Reason | undefined => {
  const { pool, wanted, mount } = facts
  const held = heldByMount(facts)
  const left = availableNow(pool)
  if (held === 0n || left >= wanted) return undefined
  return {
    reason: 'short',
    why: `${left} available, and files there use part of the ${held} held by the min_size of ${mount?.target}`,
    advice: [growthHint(pool, wanted - left, boundNodes(facts))],
  }
}

/** In bytes. Most processors have 47 bits of address for user space, and some of it is in use. */
export const roomOfProcessor = 2n ** 46n

type MappingCount = Pick<ProcessSpace, 'mappings' | 'mostMappings'>

/** Explains a refusal by the number of mappings that a process may have (do_mmap in mm/mmap.c). */
export const mapCountReason = (
  { mappings, mostMappings }: MappingCount,
  wanted = 1n,
): Reason | undefined =>
  mappings === undefined || mostMappings === undefined || mappings + wanted <= mostMappings
    ? undefined
    : {
        reason: 'limit',
        why: `the process has ${plural(mappings, 'mapping')}, and vm.max_map_count allows ${mostMappings}`,
        advice: [`'sysctl vm.max_map_count=${mappings + wanted}' allows more`],
      }

/**
 * Explains a refusal by the limits of the process. RLIMIT_AS counts every mapping and RLIMIT_DATA
 * private ones. Where neither is set, something that the kernel does not show refused the mapping.
 */
export const spaceReason = (bytes: Bytes, isLimited: boolean, count: MappingCount = {}): Reason =>
  mapCountReason(count) ??
  (isLimited || bytes >= roomOfProcessor
    ? {
        reason: 'limit',
        why: `no room for ${formatBytes(bytes)} in the address space`,
        advice: isLimited ? ["'ulimit -v' and 'ulimit -d' show the limits of this shell"] : [],
      }
    : {
        reason: 'kernel',
        why: `the kernel refuses it for a reason that it does not show, ${hiddenLimit}`,
        advice: [],
      })

const refusedForPages = (facts: FaultFacts): readonly Reason[] => {
  const pool = poolObstacle(facts)
  if (pool !== undefined) return [pool]
  const nodes = nodeObstacles(facts)
  const minimum = nodes.length === 0 ? refusedByMinimum(facts) : undefined
  return minimum === undefined ? nodes : [minimum]
}

/**
 * Explains why a mapping was refused with ENOMEM. The order is that in which the kernel checks: the
 * cgroup, the mount's limit, the pool, its nodes (hugetlb_reserve_pages in mm/hugetlb.c). The
 * kernel stops at the first. The others are named too, and so are the limits that pages meet when
 * they are touched, so that all can be mended at once.
 */
export const refusalReason = (facts: FaultFacts): Reason => {
  const { noreserve, size, wanted, isSpaceLimited, limits, space: count } = facts
  const space = spaceReason(size * wanted, isSpaceLimited, count)
  if (noreserve) return space
  const mount = mountObstacle(facts)
  const [first, ...others] = [
    ...limitObstacles(limits.reserved, facts),
    ...(mount ? [mount] : []),
    ...refusedForPages(facts),
  ]
  return first === undefined ? space : joinReasons([first, ...others, ...touchLimits(facts)])
}
