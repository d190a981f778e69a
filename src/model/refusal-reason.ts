import { formatBytes } from './bytes.ts'
import type { Pages } from './count.ts'
import {
  availableNow,
  boundNodes,
  type Circumstances,
  freeOn,
  type Reason,
  tooSmall,
} from './fault-facts.ts'
import { limitWords, raise } from './fault-reason.ts'
import { growthHint } from './growth-hint.ts'
import { isGigantic } from './machine.ts'
import { overcommitRoom, plural } from './mapping-words.ts'
import { formatNodes, namedNodes } from './node-list.ts'
import { formatSize } from './page-size.ts'

const byGroup = ({ limits, size, wanted }: Circumstances): Reason | undefined => {
  const limit = tooSmall(limits.reserved, size * wanted)
  return limit && { why: `${limitWords(limit)}: too little`, advice: [raise(limit)] }
}

const byMount = ({ mount, size, wanted, pool }: Circumstances): Reason | undefined => {
  if (mount?.free === undefined || mount.free >= size * wanted) return undefined
  const left = `its size limit leaves ${plural(mount.free / size, 'page')}`
  return {
    why: `the mount ${mount.target} is full: ${left}, while the pool has ${availableNow(pool)} available`,
    advice: [`mount anew with a larger --size: 'hugepool mounts' shows the limits`],
  }
}

/** Pages that are reserved for files on the mount, those included that others have reserved there. */
const heldByMount = ({ mount, size }: Circumstances): Pages => (mount?.least ?? 0n) / size

/** Whether the kernel takes an overcommit of gigantic pages shows only where there is one. */
const overcommitHint = ({ pool, size }: Circumstances, pages: Pages): string => {
  const words = `'hugepool overcommit ${formatSize(size)}=${pages}' lets the kernel make what is missing`
  const unsure = isGigantic(size) && (pool.overcommit ?? 0n) === 0n
  return unsure ? `${words}, from Linux 6.19 on` : words
}

/** How many pages the pool lacks, and whether overcommit could have made up for them. */
const missingWords = (circumstances: Circumstances, missing: Pages): string => {
  const { pool } = circumstances
  const room = overcommitRoom(pool)
  const held = heldByMount(circumstances)
  const left = availableNow(pool)
  const lacks =
    held === 0n
      ? `${left} available: ${missing} missing`
      : `${left} available and up to ${held} held by the min_size of ${circumstances.mount?.target}: at least ${missing} missing`
  if (room >= missing) return `${lacks}; overcommit allows ${room}, but the memory was not found`
  return room === 0n
    ? `${lacks}, and overcommit allows none`
    : `${lacks}, and overcommit allows only ${room}`
}

/** Pages of other nodes help a bound mapping as little as those that overcommit puts there. */
const poolAdvice = (circumstances: Circumstances, missing: Pages): readonly string[] => {
  const { pool, wanted } = circumstances
  const nodes = boundNodes(circumstances)
  if (nodes !== undefined) {
    const short = wanted - freeOn(pool, nodes)
    return [growthHint(pool, short > missing ? short : missing, nodes)]
  }
  return missing > overcommitRoom(pool)
    ? [growthHint(pool, missing), overcommitHint(circumstances, pool.surplus + missing)]
    : [growthHint(pool, missing)]
}

const byPool = (circumstances: Circumstances): Reason | undefined => {
  const { pool, wanted } = circumstances
  const missing = wanted - availableNow(pool) - heldByMount(circumstances)
  if (missing <= 0n) return undefined
  return {
    why: missingWords(circumstances, missing),
    advice: poolAdvice(circumstances, missing),
  }
}

/** From 5.9 on the free pages of the nodes that may be used are set against the mapping. */
const byNode = (circumstances: Circumstances): Reason | undefined => {
  const { pool, wanted, policy } = circumstances
  const nodes = boundNodes(circumstances)
  if (nodes === undefined) return undefined
  const free = freeOn(pool, nodes)
  if (free >= wanted) return undefined
  const who = policy?.mode === 'bind' ? `bind:${formatNodes(nodes)}` : 'the cpuset'
  return {
    why: `${free} free on ${namedNodes(nodes)}, and ${who} allows no others: ${wanted - free} missing`,
    advice: [growthHint(pool, wanted - free, nodes)],
  }
}

/** Whose reservation a page of the minimum is cannot be seen. */
const byMinimum = (circumstances: Circumstances): Reason | undefined => {
  const { pool, wanted, size, mount } = circumstances
  const held = heldByMount(circumstances)
  const left = availableNow(pool)
  if (held === 0n || left >= wanted) return undefined
  return {
    why: `${left} available, and files there use part of the ${held} held by the min_size of ${mount?.target}`,
    advice: [`'hugepool resize ${formatSize(size)}=+${wanted - left}' makes room`],
  }
}

/**
 * Why a mapping was refused with ENOMEM, in the order in which the kernel looks: the cgroup, the
 * mount's limit, the pool, its nodes (hugetlb_reserve_pages in mm/hugetlb.c).
 */
export const refusalReason = (circumstances: Circumstances): Reason => {
  const { noreserve, size, wanted } = circumstances
  const bytes = formatBytes(size * wanted)
  const space: Reason = {
    why: `no room for ${bytes} in the address space`,
    advice: ["'ulimit -v' shows the limit of this shell"],
  }
  if (noreserve) return space
  return (
    byGroup(circumstances) ??
    byMount(circumstances) ??
    byPool(circumstances) ??
    byNode(circumstances) ??
    byMinimum(circumstances) ??
    space
  )
}
