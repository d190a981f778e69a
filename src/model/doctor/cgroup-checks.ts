import { bytesWanted, type FaultFacts, type Reason } from '../mapping/reasons/fault-facts.ts'
import { limitObstacles, touchLimits } from '../mapping/reasons/obstacles.ts'
import {
  allTooSmall,
  bytesLeft,
  type CgroupLimit,
  type CgroupLimits,
  raise,
} from '../processes/cgroup-limit.ts'
import { present } from '../words/present.ts'
import type { Finding } from './check-finding.ts'
import { type DoctorFacts, withCopies } from './doctor-facts.ts'

/** Finds the limit that leaves the least room, of those from the cgroup of the process up to the root. */
const tightest = (limits: readonly CgroupLimit[]): CgroupLimit | undefined =>
  limits.toSorted((a, b) => Number(bytesLeft(a) - bytesLeft(b)))[0]

const unseen: Finding = { result: 'unknown', why: 'the cgroup of the process cannot be told' }

/** Names the tightest of the limits, and all that are too small. */
const lookAtLimits = (
  facts: DoctorFacts,
  limits: readonly CgroupLimit[],
  pages: FaultFacts,
  obstacles: readonly Reason[],
): Finding => {
  if (facts.hierarchies === undefined) return unseen
  const bytes = bytesWanted(pages)
  const least = tightest(limits)
  const counts = present({
    has: least && { bytes: bytesLeft(least) },
    needs: { bytes },
    why: least && `${least.group} has the tightest limit`,
  })
  if (obstacles.length === 0) return { result: 'ok', ...counts }
  return {
    result: 'fail',
    ...counts,
    why: obstacles.map(({ why }) => why).join('; '),
    hints: allTooSmall(limits, bytes).map((limit) => raise(limit, bytes)),
  }
}

/**
 * A mapping without a reservation takes its share when it is touched, and so does a copy
 * (hugetlb_cgroup_charge_cgroup_rsvd in alloc_hugetlb_folio of mm/hugetlb.c).
 */
export const lookAtReserved = (facts: DoctorFacts): Finding => {
  const pages = withCopies(facts)
  const { reserved } = facts.pages.limits
  return lookAtLimits(facts, reserved, pages, limitObstacles(reserved, pages))
}

const only = (limits: Partial<CgroupLimits>): CgroupLimits => ({
  pages: [],
  reserved: [],
  memory: [],
  ...limits,
})

export const lookAtPageLimits = (facts: DoctorFacts): Finding => {
  const pages = withCopies(facts)
  const limits = only({ pages: pages.limits.pages })
  return lookAtLimits(facts, limits.pages, pages, touchLimits({ ...pages, limits }))
}

/** Memory in use can be reclaimed, so that a limit that is nearly used up is no failure by itself. */
export const lookAtMemoryLimits = (facts: DoctorFacts): Finding | undefined => {
  const pages = withCopies(facts)
  const limits = only({ memory: pages.limits.memory })
  if (limits.memory.length === 0) return undefined
  const found = lookAtLimits(facts, limits.memory, pages, touchLimits({ ...pages, limits }))
  const tight = allTooSmall(limits.memory, bytesWanted(pages))
  return found.result === 'ok' && tight.length > 0
    ? {
        ...found,
        result: 'warn',
        why: `other memory of ${tight[0]?.group} has to be reclaimed first`,
      }
    : found
}
