import { quotedCommand, shellWord } from '../etc/shell-word.ts'
import { type Bytes, formatBytes } from '../words/bytes.ts'
import type { PageSize } from '../words/page-size.ts'

/** A limit that applies to a cgroup: its own or that of an ancestor. */
export interface CgroupLimit {
  /** The path of the cgroup in the hierarchy of the controller, such as `/system.slice/x`. */
  readonly group: string
  /** The name of the limit file there, such as `hugetlb.2MB.max`. */
  readonly file: string
  /** Where that file is on this machine. */
  readonly path: string
  readonly max: Bytes
  readonly current: Bytes
}

/** The limits on huge pages of one size. Limits that do not exist are left out. */
export interface HugetlbLimits {
  /** Limits on pages that are faulted in. */
  readonly pages: readonly CgroupLimit[]
  /** Limits on reservations. */
  readonly reserved: readonly CgroupLimit[]
}

/** Those that leave no room for another page. */
export interface FullCgroups extends HugetlbLimits {
  readonly size: PageSize
}

/** The limits that apply to a mapping of one page size. */
export interface CgroupLimits extends HugetlbLimits {
  /**
   * Limits on all memory, where huge pages count in it (memory_hugetlb_accounting, from 6.7 on).
   */
  readonly memory: readonly CgroupLimit[]
}

export const noLimits: CgroupLimits = { pages: [], reserved: [], memory: [] }

/** What a limit leaves: nothing where more is there than it allows, as after it was lowered. */
export const bytesLeft = ({ max, current }: CgroupLimit): Bytes =>
  max > current ? max - current : 0n

/**
 * Returns the limits that leave less than `bytes`, from the process's own group upwards: all of them
 * have to be raised.
 */
export const allTooSmall = (limits: readonly CgroupLimit[], bytes: Bytes): readonly CgroupLimit[] =>
  limits.filter(({ max, current }) => max - current < bytes)

/**
 * Words for a limit that may stand in the way unseen: a cgroup namespace hides the groups above its
 * root.
 */
export const hiddenLimit = 'such as a limit of a cgroup that cannot be seen from here'

export const limitWords = ({ group, file, max, current }: CgroupLimit): string =>
  `the cgroup ${group} allows ${formatBytes(max)} (${file}) and has ${formatBytes(current)}`

/** Returns the command that sets a limit, as a hint names it. systemd writes `-` in names as `\x2d`. */
export const limitCommand = (path: string, bytes: Bytes): string =>
  quotedCommand(`echo ${bytes} > ${shellWord(path)}`)

/** Returns the hint against a limit that leaves too little: the command by which so many bytes fit. */
export const raise = ({ path, current }: CgroupLimit, bytes: Bytes): string =>
  `${limitCommand(path, current + bytes)} lets it have them`

/** Returns the hint for the processes of a group that have no room for another page. */
export const raiseByOne = ({ path, current }: CgroupLimit, size: PageSize): string =>
  `${limitCommand(path, current + size)} lets them have one more`
