import { type Bytes, decimalPattern } from '../words/bytes.ts'
import type { PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'

/** One line of /proc/PID/mountinfo (fs/proc_namespace.c), its octal escapes undone. */
export interface MountLine {
  readonly id: number
  readonly parent: number
  /** The directory of the file system that is seen there: `/` but for a bind mount of one below. */
  readonly root: string
  /** Where in the mount namespace; bytes that are not UTF-8 are U+FFFD. */
  readonly target: string
  /** Of the mount: `rw,nosuid,relatime`. */
  readonly flags: string
  readonly type: string
  readonly source: string
  /** Of the file system: `rw,pagesize=2M`. */
  readonly options: string
}

/** What the kernel says of a hugetlbfs mount; a limit that it has not is absent. */
export interface HugetlbfsOptions {
  readonly pageSize: PageSize
  /** Bytes that its files may take; 0 means none at all. */
  readonly size?: Bytes
  /** Bytes that are reserved for its files from the beginning. */
  readonly minSize?: Bytes
  /** How many files and directories there may be, its own root included. */
  readonly inodes?: bigint
  readonly uid: number
  readonly gid: number
  /** Octal, at least four digits: `0755`, `1777`. */
  readonly mode: string
}

/** What can only be seen by looking into a mount. */
export interface MountUse {
  /** Bytes used and reserved, and left, of `size`; absent where there is no limit. */
  readonly used?: Bytes
  readonly free?: Bytes
  /** Files in it, directories not counted. */
  readonly files?: bigint
}

export interface HugetlbfsMount extends HugetlbfsOptions, MountUse {
  readonly target: string
  readonly source: string
  /** Where a directory of another hugetlbfs was bound to: that directory; absent for its root. */
  readonly bound?: string
  /** All options as the kernel writes them, those of the mount first. */
  readonly options: string
  /** Another mount lies on the path: what is mounted here cannot be reached by it. */
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

/** In bytes and as they stand: 7.3 shows limits of up to 2^64 - 1, more than anybody may type. */
const exactNumber = (text: string | undefined): bigint | undefined =>
  text !== undefined && decimalPattern.test(text) ? BigInt(text) : undefined

const pageUnits: Readonly<Record<string, bigint>> = { K: 2n ** 10n, M: 2n ** 20n }

const pageSizeOf = (text: string | undefined): PageSize | undefined => {
  const unit = pageUnits[text?.at(-1) ?? '']
  const number = exactNumber(text?.slice(0, -1))
  return unit && number ? number * unit : undefined
}

/**
 * Reads the options as hugetlbfs_show_options (fs/hugetlbfs/inode.c) prints them: the page size
 * always, in K or M; owner and mode only where they differ from 0 and 755. Undefined where there is
 * no page size, or what is no owner or mode.
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
 * The options of mount and file system in one list, as findmnt(8) has them: read-only where either
 * of them is.
 */
export const allOptions = ({ flags, options }: MountLine): string => {
  const own = options.split(',')
  const ofMount = own.includes('ro') ? flags.replace(/^rw(?=,|$)/, 'ro') : flags
  return [ofMount, ...own.filter((option) => option !== 'rw' && option !== 'ro')].join(',')
}
