import { type Bytes, decimalPattern } from '../words/bytes.ts'
import type { PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'

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
}

/** The options that the kernel shows for a hugetlbfs mount. A limit that is not set is absent. */
export interface HugetlbfsOptions {
  readonly pageSize: PageSize
  /** The bytes that the files of the mount may take; 0 means none at all. */
  readonly size?: Bytes
  /** The bytes that are reserved for the files of the mount from the start. */
  readonly minSize?: Bytes
  /**
   * The number of files and directories that may exist, including the root directory of the mount.
   */
  readonly inodes?: bigint
  readonly uid: number
  readonly gid: number
  /** The permissions as at least four octal digits: `0755`, `1777`. */
  readonly mode: string
}

/** The figures that only an access to the mount itself can give. */
export interface MountUse {
  /**
   * The bytes of `size` that are used or reserved, and those that are left; absent without a limit.
   */
  readonly used?: Bytes
  readonly free?: Bytes
  /** The number of files in the mount, without directories. */
  readonly files?: bigint
}

export interface HugetlbfsMount extends HugetlbfsOptions, MountUse {
  readonly target: string
  readonly source: string
  /** The directory of another hugetlbfs that is bound here; absent where its root is mounted. */
  readonly bound?: string
  /** All options as the kernel writes them; the flags of the mount come first. */
  readonly options: string
  /** True where another mount hides this one, so that its path does not lead to it. */
  readonly hidden: boolean
}

const optionPairs = (text: string): ReadonlyMap<string, string> => {
  const options = new Map<string, string>()
  for (const option of text.split(',')) {
    const at = option.indexOf('=')
    if (at > 0) options.set(option.slice(0, at), option.slice(at + 1))
  }
  return options
}

/**
 * Reads a number without a limit on its size: Linux 7.3 shows limits of up to 2^64 - 1, which is
 * more than hugepool accepts as input.
 */
const exactNumber = (text: string | undefined): bigint | undefined =>
  text !== undefined && decimalPattern.test(text) ? BigInt(text) : undefined

const pageUnits: Readonly<Record<string, bigint>> = { K: 2n ** 10n, M: 2n ** 20n }

const pageSizeOf = (text: string | undefined): PageSize | undefined => {
  const unit = pageUnits[text?.at(-1) ?? '']
  const number = exactNumber(text?.slice(0, -1))
  return unit && number ? number * unit : undefined
}

/**
 * Reads the options that hugetlbfs_show_options (fs/hugetlbfs/inode.c) prints. It always prints the
 * page size, in K or M, and prints owner and mode only where they differ from 0 and 755. Returns
 * undefined where the page size is missing or malformed, or owner or mode is malformed.
 */
export const parseHugetlbfsOptions = (text: string): HugetlbfsOptions | undefined => {
  const options = optionPairs(text)
  const pageSize = pageSizeOf(options.get('pagesize'))
  const uid = exactNumber(options.get('uid') ?? '0')
  const gid = exactNumber(options.get('gid') ?? '0')
  const mode = options.get('mode') ?? '755'
  const isMode = /^[0-7]{1,4}$/.test(mode)
  if (pageSize === undefined || uid === undefined || gid === undefined || !isMode) return undefined
  const [size, minSize, inodes] = ['size', 'min_size', 'nr_inodes'].map((name) =>
    exactNumber(options.get(name)),
  )
  return present({
    pageSize,
    size,
    minSize,
    inodes,
    uid: Number(uid),
    gid: Number(gid),
    mode: mode.padStart(4, '0'),
  })
}

/**
 * Joins the options of mount and file system as findmnt(8) does. The result is read-only where
 * either of them is.
 */
export const allOptions = ({ flags, options }: MountLine): string => {
  const own = options.split(',')
  const ofMount = own.includes('ro') ? flags.replace(/^rw(?=,|$)/, 'ro') : flags
  return [ofMount, ...own.filter((option) => option !== 'rw' && option !== 'ro')].join(',')
}
