import { inUse, overcommitRoom, type Pool } from '../../pools/machine.ts'
import type { Pages } from '../../words/count.ts'
import { formatSize } from '../../words/page-size.ts'
import type { KnownMachine } from './known-machine.ts'
import type { FindingLevel } from './machine-finding.ts'

/** A pool is nearly used up when so many percent of its pages are in use. */
const nearlyAll = 95n

export const isNearlyUsed = (pool: Pool): boolean =>
  pool.total > 0n && inUse(pool) * 100n >= nearlyAll * pool.total

/** Tells whether surplus pages were needed, and no more may be made. */
export const isOvercommitSpent = (pool: Pool): boolean =>
  pool.surplus > 0n && overcommitRoom(pool) === 0n

/**
 * Tells whether the kernel may make more pages of this size and has failed to make some. It counts the
 * failures of all sizes together.
 */
const isGrowthRefused = ({ overcommit = 0n }: Pool, { failedGrowths = 0n }: KnownMachine) =>
  overcommit > 0n && failedGrowths > 0n

/** Counts the pages that are reserved and are not there: a program that touches one is killed. */
export const promised = ({ reserved = 0n, free }: Pool): Pages =>
  reserved > free ? reserved - free : 0n

/**
 * Tells how bad it is that a pool has no page left. A pool that was sized for its programs is full
 * while they run, so that a full pool alone is only a note.
 */
export const levelOfFull = (pool: Pool, known: KnownMachine): FindingLevel =>
  isOvercommitSpent(pool) || isGrowthRefused(pool, known) || promised(pool) > 0n
    ? 'warning'
    : 'note'

/**
 * Names all pages of a pool, or all that are free, as a subject with its verb: `all 3 pages of 2M are`.
 */
export const allPages = (pages: Pages, { size }: Pick<Pool, 'size'>, which = ''): string =>
  pages === 1n
    ? `the only page of ${formatSize(size)}${which && ` that is ${which}`} is`
    : `all ${pages} pages of ${formatSize(size)}${which && ` that are ${which}`} are`
