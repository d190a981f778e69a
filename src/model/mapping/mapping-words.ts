import { availableNow, overcommitRoom, type Pool } from '../pools/machine.ts'
import type { Pages } from '../words/count.ts'
import { formatSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import type { NodePages } from './frames.ts'
import { handedOut, inUseMore, isBack, movementOf, surplusMovement } from './mapping-reading.ts'
import type { MappingFailure, MappingResult } from './mapping-result.ts'

/**
 * Returns the word for an overcommit that allows no pages now: `no more` where it is set, `none`
 * where it is 0.
 */
export const noMore = ({ overcommit = 0n }: Pool): string => (overcommit > 0n ? 'no more' : 'none')

export const startWords = (pool: Pool): string => {
  const room = overcommitRoom(pool)
  const more = room > 0n ? `, and overcommit allows ${room} more` : ''
  return `${availableNow(pool)} available${more}`
}

/** Describes a failure in one sentence. */
export const failureWords = (
  { plan, touching }: Pick<MappingResult, 'plan' | 'touching'>,
  { page, mapped, afterTouch, byChild, part, errno, why }: MappingFailure,
): string => {
  const size = formatSize(plan.size)
  const asked =
    part === undefined
      ? plural(plan.pages, 'page')
      : `${plural(part.pages, 'page')} of ${plan.pages}, those on node ${part.node},`
  const touched = `${size}: touched ${touching?.pages ?? 0} of ${plan.touch}`
  if (mapped) return `${touched}; ${why}`
  if (page === undefined) return `${size}: ${asked} cannot be mapped (${errno}): ${why}`
  if (byChild)
    return `${touched}, but a child of fork met ${errno} at page ${page}, counted from 0: ${why}`
  if (afterTouch)
    return `${touched}, but page ${page}, counted from 0, could not be used then (${errno}): ${why}`
  return `${touched}; ${errno} at page ${page}, counted from 0: ${why}`
}

const reservedWords = (before: Pool, reserved: Pages, surplus: Pages): string => {
  const there = availableNow(before)
  const made = `${plural(surplus, 'surplus page')} made for it`
  if (reserved <= 0n) return made
  if (surplus > 0n) return `reserved ${reserved}: ${there} available, ${made}`
  // More pages can be reserved than were available, because others gave pages back meanwhile.
  return reserved > there ? `reserved ${reserved}` : `reserved ${reserved} of ${there} available`
}

const faulted = (pages: Pages): string => `${plural(pages, 'page')} faulted in`

/**
 * Describes what a mapping took before it was touched: a reservation, and its pages with populate.
 */
export const mapWords = (before: Pool, now: Pool, noreserve: boolean, isDevice = false): string => {
  const moved = movementOf(before, now)
  const taken = handedOut(moved)
  const { reserved = 0n, surplus } = moved
  const words = [
    ...(reserved > 0n || surplus > 0n ? [reservedWords(before, reserved, surplus)] : []),
    ...(taken > 0n ? [`${faulted(taken)} by mmap`] : []),
  ]
  if (words.length > 0) return words.join(', ')
  if (isDevice) return 'nothing reserved: the memory is that of the device'
  return noreserve
    ? 'nothing reserved: a NORESERVE mapping is promised no page'
    : 'nothing more reserved: its pages are there, or reserved already (by min_size, or another mapping of the file)'
}

const placedWords = (placed: readonly NodePages[]): string => {
  const [only] = placed
  if (only === undefined) return ''
  if (placed.length === 1) return ` on node ${only.node}`
  return `: ${placed.map(({ node, pages }) => `${pages} on node ${node}`).join(', ')}`
}

/** Describes the pages that were touched since the step before and the nodes on which they lie. */
export const touchWords = (
  before: Pool,
  now: Pool,
  { pages, placed }: { readonly pages: Pages; readonly placed: readonly NodePages[] },
): string => {
  const moved = movementOf(before, now)
  const taken = handedOut(moved)
  const where = placedWords(placed)
  if (taken > pages) return `${plural(pages, 'page')} touched${where}, while others took pages too`
  const surplus =
    moved.surplus > 0n && moved.surplus <= pages
      ? `; ${plural(moved.surplus, 'of them is', 'of them are')} surplus`
      : ''
  if (taken === pages) return `${faulted(pages)}${where}${surplus}`
  const there = taken < 0n ? '' : `, ${taken === 0n ? 'none' : taken} of them faulted in now`
  return `${plural(pages, 'page')} touched${where}${there}${surplus}`
}

/**
 * Describes touches of a device since the step before. Pages of the pool are faulted in for copies
 * of a private mapping, or by a driver that has none before they are touched.
 */
export const deviceTouchWords = (before: Pool, now: Pool, places: Pages): string => {
  const taken = handedOut(movementOf(before, now))
  const touched = `touched at ${plural(places, 'place')}`
  // More pages than places cannot be those of this mapping alone.
  return taken > 0n && taken <= places ? `${touched}: ${faulted(taken)} from the pool` : touched
}

export const stayWords = (start: Pool, now: Pool): string => {
  const pages = inUseMore(start, now)
  const reserved = (now.reserved ?? 0n) - (start.reserved ?? 0n)
  const words = [
    ...(pages > 0n ? [plural(pages, 'page')] : []),
    ...(reserved > 0n ? [plural(reserved, 'reservation')] : []),
  ]
  return words.join(' and ')
}

/**
 * Describes surplus pages that a test moved by its own mapping, which had `pages` pages. Returns
 * undefined where it cannot have been the test.
 */
export const surplusMovedWords = (
  start: Pool,
  now: Pool,
  pages: Pages,
): readonly string[] | undefined => {
  const moved = surplusMovement(start, now)
  if (moved === undefined || moved.gone > pages || moved.made > pages) return undefined
  const { gone, made } = moved
  return [
    ...(gone > 0n
      ? [
          `${plural(gone, 'surplus page')} left the pool: while there is surplus, the kernel gives pages that are freed back to the rest of the memory`,
        ]
      : []),
    ...(made > 0n
      ? [
          `${plural(made, 'surplus page that was made for the test stays', 'surplus pages that were made for the test stay')} in the pool, free: the test used pages of other nodes instead`,
        ]
      : []),
  ]
}

const surplusClause = (start: Pool, now: Pool): string => {
  const { gone = 0n, made = 0n } = surplusMovement(start, now) ?? {}
  const left = gone > 0n ? `, and ${plural(gone, 'surplus page')} left the pool` : ''
  return made > 0n ? `${left}, and ${plural(made, 'surplus page')} came to it` : left
}

/**
 * Describes what came back after the mapping was removed, or its file or segment was deleted too.
 * `holder` names the file or segment that still has pages.
 */
export const releaseWords = (start: Pool, now: Pool, holder?: string): string => {
  const more = surplusClause(start, now)
  if (isBack(start, now) || more !== '') return `all pages and reservations came back${more}`
  const held = stayWords(start, now)
  if (held === '') return 'the counters are not where they began'
  if (holder === undefined) return `${held} did not come back`
  const stay = /^1 \w+$/.test(held) ? 'stays' : 'stay'
  return `${held} ${stay} with the ${holder}`
}
