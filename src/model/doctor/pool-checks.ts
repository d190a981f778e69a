import { growthFor, growthHint } from '../mapping/growth-hint.ts'
import { boundNodes } from '../mapping/reasons/fault-facts.ts'
import { poolObstacle } from '../mapping/reasons/obstacles.ts'
import { availableNow, overcommitRoom } from '../pools/machine.ts'
import { isInPieces, readyIn } from '../pools/shortage.ts'
import { formatSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { countedPages, type Finding } from './check-finding.ts'
import { childCopies, type DoctorFacts } from './doctor-facts.ts'
import { missingPages } from './missing-pages.ts'
import { forecastReservations } from './reservation-forecast.ts'

/** The pool is there, and the amount is whole, or there would be no facts. */
export const lookAtPageSize = ({ plan }: DoctorFacts): Finding => ({
  result: 'ok',
  has: formatSize(plan.size),
  needs: formatSize(plan.size),
})

export const lookAtAlignment = ({ plan }: DoctorFacts): Finding => ({
  result: 'ok',
  has: { bytes: plan.pages * plan.size },
  needs: { bytes: plan.size },
})

/**
 * Compares what is wanted with what is available and what overcommit may add to it
 * (hugetlb_acct_memory in mm/hugetlb.c).
 */
export const lookAtAvailable = ({ plan, pages }: DoctorFacts): Finding => {
  const { pool } = pages
  const { missing, surplus } = forecastReservations(pages)
  const counts = { has: countedPages(availableNow(pool)), needs: countedPages(plan.pages) }
  const obstacle = missing > 0n ? poolObstacle(pages) : undefined
  if (obstacle !== undefined)
    return {
      result: 'fail',
      ...counts,
      why: obstacle.why,
      hints: obstacle.advice,
      answer: missingPages(missing, plan.pages),
    }
  const room = overcommitRoom(pool)
  return surplus === 0n
    ? { result: 'ok', ...counts }
    : {
        result: 'ok',
        ...counts,
        why: `overcommit allows ${room} more, and ${surplus} ${surplus === 1n ? 'is' : 'are'} needed`,
      }
}

/**
 * Surplus pages are made of free memory when they are wanted, which can fail then. Whether the kernel
 * can make whole pieces of memory that is in small ones, nobody knows before it tries.
 */
export const lookAtSurplusMemory = (facts: DoctorFacts): Finding | undefined => {
  const { pages, fork, plan, blocks = [] } = facts
  const { surplus } = forecastReservations(pages, childCopies({ fork, plan }))
  if (surplus === 0n) return undefined
  const needs = { bytes: surplus * pages.size }
  const { memory } = pages
  if (memory === undefined)
    return { result: 'unknown', needs, why: '/proc/meminfo does not show MemAvailable' }
  const has = { bytes: memory }
  const wanted = `${plural(surplus, 'page has', 'pages have')} to be found in one piece when wanted`
  if (memory >= needs.bytes && isInPieces(blocks, pages.size, surplus))
    return {
      result: 'unknown',
      has,
      needs,
      why: `${wanted}, and of the pieces of free memory ${readyIn(blocks)} can hold one`,
      hints: [
        `'hugepool resize ${formatSize(pages.size)}=+${growthFor(pages.pool, surplus)} --compact' tries to make room now`,
      ],
    }
  if (memory >= needs.bytes) return { result: 'warn', has, needs, why: wanted }
  return {
    result: 'fail',
    has,
    needs,
    why: `too little memory is available for ${plural(surplus, 'surplus page')}`,
    hints: [growthHint(pages.pool, surplus, boundNodes(pages))],
  }
}

/**
 * A child has no reservation for what it writes after fork(2) (hugetlb_wp in mm/hugetlb.c), and dies
 * of SIGBUS where no page is left for its copy.
 */
export const lookAtCopies = ({ plan, pages, fork }: DoctorFacts): Finding | undefined => {
  if (!fork) return undefined
  const copies = childCopies({ fork, plan })
  if (copies === 0) return { result: 'ok', why: 'a shared mapping is not copied' }
  const without = forecastReservations(pages)
  const within = forecastReservations(pages, copies)
  const lacking = (found: typeof within) =>
    found.lacks.reduce((sum, { missing }) => sum + missing, found.missing)
  const missing = lacking(within) - lacking(without)
  const counts = {
    has: countedPages(availableNow(pages.pool)),
    needs: countedPages(2n * plan.pages),
  }
  if (missing <= 0n) return { result: 'ok', ...counts }
  return {
    result: 'fail',
    ...counts,
    why: `a child that writes to its copies lacks ${plural(missing, 'page')}, and dies of SIGBUS`,
    hints: [
      growthHint(pages.pool, missing, boundNodes(pages)),
      `a shared mapping (--shared) is not copied`,
    ],
  }
}
