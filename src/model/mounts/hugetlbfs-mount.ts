import type { Bytes } from '../words/bytes.ts'
import type { HugetlbfsOptions } from './hugetlbfs-options.ts'

/** One line of /proc/PID/mountinfo (fs/proc_namespace.c) without its octal escapes. */
export interface MountLine {
  readonly id: number
  readonly parent: number
  /** The device of the file system in decimal digits: `0:39`. */
  readonly device: string
  /**
   * The directory of the file system that is mounted; it differs from `/` for a bind mount of a
   * directory below.
   */
  readonly root: string
  /** The mount point in the mount namespace. Bytes that are not UTF-8 are U+FFFD. */
  readonly target: string
  /** The flags of the mount: `rw,nosuid,relatime`. */
  readonly flags: string
  readonly type: string
  readonly source: string
  /** The options of the file system: `rw,pagesize=2M`. */
  readonly options: string
  /** The number of the peer group that it is in; absent for a mount that is not shared. */
  readonly shared?: number
  /** The peer group from which it receives mounts and removals; absent where there is none. */
  readonly master?: number
  /** The nearest group above `master` that can be seen from the root of the process. */
  readonly dominant?: number
}

/** The figures of a mount that are not in mountinfo, but come from the mounted file system. */
export interface MountUse {
  /**
   * With a limit, the bytes of it that are used or reserved. Without one, the bytes of the pages
   * that the files have; the kernel does not count reservations then.
   */
  readonly used?: Bytes
  /** The bytes of the limit that are left; absent without a limit. */
  readonly free?: Bytes
  /** The number of files in the mount, without directories. */
  readonly files?: bigint
  /** The bytes of the pages that the files have. */
  readonly fileBytes?: Bytes
}

export interface HugetlbfsMount extends HugetlbfsOptions, MountUse {
  readonly target: string
  /** The device of the file system; mounts of one file system have the same. */
  readonly device: string
  readonly source: string
  /** The directory of another hugetlbfs that is bound here; absent where its root is mounted. */
  readonly bound?: string
  /** All options as the kernel writes them; the flags of the mount come first. */
  readonly options: string
  /** True where another mount hides this one, so that its path does not lead to it. */
  readonly hidden: boolean
}

/** A mount as far as it was understood. What was not understood is absent, and never a default. */
export type ShownMount = Partial<HugetlbfsOptions> &
  Omit<HugetlbfsMount, keyof HugetlbfsOptions> & {
    /** The options that were not understood; absent where all were. */
    readonly unclear?: readonly string[]
    /** The limits that were typed as shares of the pool; its size at that time is not known. */
    readonly shares?: readonly string[]
  }

/** Whether all options of a mount were understood. */
export const isUnderstood = (mount: ShownMount): mount is ShownMount & HugetlbfsMount =>
  mount.unclear === undefined

/** Describes a mount of which some options were not understood. */
export const unclearWords = ({ target, unclear = [] }: ShownMount): string =>
  `options of the hugetlbfs on ${target} are not understood: ${unclear.join(', ')}`

/**
 * Joins the options of mount and file system as findmnt(8) does. The result is read-only where
 * either of them is.
 */
export const allOptions = ({ flags, options }: MountLine): string => {
  const own = options.split(',')
  const ofMount = own.includes('ro') ? flags.replace(/^rw(?=,|$)/, 'ro') : flags
  return [ofMount, ...own.filter((option) => option !== 'rw' && option !== 'ro')].join(',')
}
