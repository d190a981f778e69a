import { inUse, overcommitRoom, type Pool } from '../../pools/machine.ts'
import type { Pages } from '../../words/count.ts'
import { formatSize } from '../../words/page-size.ts'
import type { KnownMachine } from './known-machine.ts'
import type { FindingLevel } from './machine-finding.ts'

/** Of so many pages in a hundred in use, a pool is nearly used up. */
const nearlyAll = 95n

export const isNearlyUsed = (pool: Pool): boolean =>
  pool.total > 0n && inUse(pool) * 100n >= nearlyAll * pool.total

/** Whether surplus pages were needed, and no more may be made. */
export const isOvercommitSpent = (pool: Pool): boolean =>
  pool.surplus > 0n && overcommitRoom(pool) === 0n

/**
 * Whether the kernel may make more pages of this size and has failed to make some. It does not tell of
 * which size they were.
 */
const isGrowthRefused = ({ overcommit = 0n }: Pool, { failedGrowths = 0n }: KnownMachine) =>
  overcommit > 0n && failedGrowths > 0n

/** The pages that are reserved and are not there: who touches them is killed. */
export const promised = ({ reserved = 0n, free }: Pool): Pages =>
  reserved > free ? reserved - free : 0n

/**
 * How bad it is that a pool has no page left. One that was made for its programs is full when they run,
 * so that this alone is no more than worth knowing.
 */
export const levelOfFull = (pool: Pool, known: KnownMachine): FindingLevel =>
  isOvercommitSpent(pool) || isGrowthRefused(pool, known) || promised(pool) > 0n
    ? 'warning'
    : 'note'

/** All pages of a pool, or all that are free, as a subject with its verb: `all 3 pages of 2M are`. */
export const allPages = (pages: Pages, { size }: Pick<Pool, 'size'>, which = ''): string =>
  pages === 1n
    ? `the only page of ${formatSize(size)}${which && ` that is ${which}`} is`
    : `all ${pages} pages of ${formatSize(size)}${which && ` that are ${which}`} are`
