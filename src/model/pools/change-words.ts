import { fewer, type Pages } from '../words/count.ts'
import { plural } from '../words/plural.ts'
import { idleSurplus } from './idle-surplus.ts'
import type { Pool } from './machine.ts'
import type { PoolChange } from './pool-change.ts'
import { poolName } from './pool-plan.ts'

/** Returns the surplus pages that nobody uses. */
const idleIn = ({ surplus, node }: PoolChange, pool: Pool): Pages =>
  fewer(surplus, idleSurplus(pool, node))

const idleWords = (change: PoolChange, idle: Pages): string =>
  `${poolName(change)}: ${plural(idle, 'free page', 'free pages')} became surplus; the same command again frees ${idle === 1n ? 'it' : 'them'}`

const holdWords = (pool: Pool): string =>
  (pool.reserved ?? 0n) > 0n ? 'in use or reserved' : 'in use'

const heldWords = (change: PoolChange, pool: Pool, pages: Pages): string => {
  const rest = pages === 1n ? 'it leaves the pool when it is' : 'they leave the pool when they are'
  const allowed = change.aboveOvercommit === 0n ? ', which overcommit allows' : ''
  return `${poolName(change)}: ${plural(pages, 'page is', 'pages are')} still ${holdWords(pool)} and became surplus${allowed}: ${rest} freed`
}

const heldBackWords = (change: PoolChange, pool: Pool, pages: Pages): string =>
  `${poolName(change)}: ${plural(pages, 'page is', 'pages are')} ${holdWords(pool)}, so it cannot shrink to ${change.requested}`

const surplusWords = (
  change: PoolChange,
  pool: Pool,
  held: (change: PoolChange, pool: Pool, pages: Pages) => string,
): readonly string[] => {
  const idle = idleIn(change, pool)
  const inUse = change.surplus - idle
  return [
    ...(inUse > 0n ? [held(change, pool, inUse)] : []),
    ...(idle > 0n ? [idleWords(change, idle)] : []),
  ]
}

const distanceWords = (change: PoolChange): readonly string[] => {
  const { outcome, before, requested, after, short } = change
  if (outcome !== 'partial' || after === requested) return []
  const asked = `${poolName(change)}: asked for ${requested}`
  if (after > requested && after > before) return [`${asked}, got ${after}: more than asked for`]
  if (after < requested && requested <= before)
    return [
      `${asked}, ${plural(after, 'is', 'are')} left: ${requested - after} fewer than asked for`,
    ]
  return [`${asked}, ${requested > before ? 'got' : 'still'} ${after}: ${short} short`]
}

/** Says what keeps a change from being done. Surplus that overcommit allows keeps none from it. */
const reasonsOf = (change: PoolChange, pool: Pool, held: typeof heldWords): readonly string[] => [
  ...distanceWords(change),
  ...(change.aboveOvercommit > 0n ? surplusWords(change, pool, held) : []),
]

/** Describes a partial change. Returns nothing for a change that was done in full. */
export const changeWords = (change: PoolChange, pool: Pool): readonly string[] =>
  reasonsOf(change, pool, heldWords)

/** Tells of surplus that overcommit allows, where no more pages were asked for than there were. */
export const allowedWords = (change: PoolChange, pool: Pool): readonly string[] =>
  change.aboveOvercommit === 0n && change.requested <= change.before
    ? surplusWords(change, pool, heldWords)
    : []

/** Says why a change is not done, for a call that puts it back. */
export const obstacleWords = (change: PoolChange, pool: Pool): readonly string[] =>
  reasonsOf(change, pool, heldBackWords)

/** Whether pages that something holds kept a change from being done. */
export const isHeldBack = (change: PoolChange, pool: Pool): boolean =>
  change.aboveOvercommit > 0n && change.surplus > idleIn(change, pool)
