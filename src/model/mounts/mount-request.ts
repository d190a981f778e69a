import { objectionOf, refused, throwAll, usage } from '../../errors.ts'
import { octalMode } from '../etc/octal-mode.ts'
import { availableNow, findPool, overcommitRoom, type Pool, persistent } from '../pools/machine.ts'
import { decimalPattern, formatBytes, largestNumber } from '../words/bytes.ts'
import { formatSize, type SizeWord } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { present } from '../words/present.ts'
import type { DesiredMount } from './desired-mount.ts'
import { usualMountMode } from './hugetlbfs-options.ts'
import { changedFlags, usualFlags } from './mount-flags.ts'
import { limitBytes, type MountLimit, resizeHint } from './mount-limit.ts'

/** The operands and options that were typed for a mount. */
export interface MountRequest {
  /** The absolute path of the mount point, without trailing slashes. */
  readonly target: string
  readonly pageSize: SizeWord
  readonly size?: MountLimit
  readonly minSize?: MountLimit
  readonly inodes?: bigint
  /** The owner by name or number; absent means root. */
  readonly user?: string
  /** The group by name or number; absent means that of root. */
  readonly group?: string
  /** The permissions in octal; absent means 0755. */
  readonly mode?: string
  /** Words that change the usual flags, or on a remount the flags that are set. */
  readonly flagWords: string
}

/**
 * Reads the number of files and directories; the root directory is one of them. Throws E_USAGE for
 * fewer than 2.
 */
export const parseInodes = (text: string): bigint => {
  const inodes = decimalPattern.test(text) ? BigInt(text) : undefined
  if (inodes === undefined || inodes > largestNumber)
    throw usage(`'${text}' is not a number of files`, 'it is written as 64')
  if (inodes < 2n)
    throw usage(
      `'${inodes}' is too few: the root directory takes one file; the least is 2`,
      'for N files it takes N + 1',
    )
  return inodes
}

/**
 * Reads an octal mode. The kernel keeps only the permissions and the sticky bit (S_IRWXUGO and
 * S_ISVTX of hugetlbfs_parse_param in fs/hugetlbfs/inode.c) and drops other bits silently. Throws
 * E_USAGE for other bits and for what is no mode.
 */
export const parseMode = (text: string): string => {
  if (!/^(?:[0-7]{3,4}|0[0-7]{4})$/.test(text))
    throw usage(`'${text}' is not a mode`, 'a mode is octal, of three or four digits: 0770, 1777')
  const mode = Number.parseInt(text, 8)
  if (mode > 0o1777)
    throw usage(`'${text}' has bits that hugetlbfs does not keep`, 'the largest mode is 1777')
  return octalMode(mode)
}

/**
 * Returns the hint that makes room for a guarantee. A share grows with the pool: p% fits once the
 * `taken` pages are at most (100 - p)% of the pool; more than 100% never fits.
 */
const roomHint = (pool: Pool, missing: bigint, taken: bigint, limit?: MountLimit): string => {
  if (limit?.kind !== 'percent') return resizeHint(pool, persistent(pool) + missing)
  if (limit.percent > 100n) return 'no size of the pool has more than 100% of itself available'
  if (limit.percent === 100n) return 'that takes a pool of which no page is in use or reserved'
  const rest = 100n - limit.percent
  return resizeHint(pool, (taken * 100n + rest - 1n) / rest)
}

/** Says what the pool has for a new guarantee, and by which counters. */
const roomWords = (pool: Pool): string => {
  const left = availableNow(pool)
  const { reserved } = pool
  const wrapped = 'free: the count of reserved pages is below zero'
  const whole = reserved === undefined ? 'free' : 'free - reserved'
  const formula = reserved !== undefined && reserved < 0n ? wrapped : whole
  const room = overcommitRoom(pool)
  const more = room > 0n ? `, and overcommit allows ${room} more` : ''
  return `${left} ${left === 1n ? 'is' : 'are'} available (${formula})${more}`
}

/**
 * Throws E_REFUSED where the pool and its overcommit cannot give the pages that a new mount is
 * guaranteed; the kernel makes surplus pages for a guarantee (hugetlb_acct_memory in mm/hugetlb.c).
 * `limit` is the guarantee as it was typed, which may be a share: the hint then allows for it.
 */
export const checkRoom = (
  { pageSize, minSize = 0n }: DesiredMount,
  pools: readonly Pool[],
  limit?: MountLimit,
): void => {
  const pool = findPool({ pools }, pageSize)
  const pages = minSize / pageSize
  const left = availableNow(pool) + overcommitRoom(pool)
  if (pages <= left) return
  throw refused(
    'short',
    `--min-size takes ${plural(pages, 'page')} of ${formatSize(pageSize)}, but ${roomWords(pool)}`,
    roomHint(pool, pages - left, persistent(pool) - left, limit),
  )
}

/**
 * Converts a request to the mount that it means with these pools. Throws E_UNSUPPORTED for a page
 * size that does not exist, E_USAGE and E_REFUSED for limits that cannot take effect.
 */
export const desiredMount = (
  request: MountRequest,
  { uid, gid }: Pick<DesiredMount, 'uid' | 'gid'>,
  pools: readonly Pool[],
): DesiredMount => {
  const pool = findPool({ pools }, request.pageSize)
  const sizeNow = () => request.size && limitBytes(request.size, pool, 'size')
  const minSizeNow = () => request.minSize && limitBytes(request.minSize, pool, 'min-size')
  throwAll([sizeNow, minSizeNow].flatMap(objectionOf))
  const [size, minSize] = [sizeNow(), minSizeNow()]
  if (size !== undefined && minSize !== undefined && minSize > size)
    throw usage(`--min-size ${formatBytes(minSize)} is more than --size ${formatBytes(size)}`)
  const { target, inodes, mode = usualMountMode } = request
  return present({
    target,
    pageSize: pool.size,
    size,
    minSize,
    inodes,
    uid,
    gid,
    mode,
    flags: changedFlags(request.flagWords, usualFlags),
  })
}
