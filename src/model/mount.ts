import { type Bytes, parseBytes } from './bytes.ts'
import type { PageSize } from './page-size.ts'

/** One line of /proc/PID/mountinfo (fs/proc_namespace.c), its octal escapes undone. */
export interface MountLine {
  readonly id: number
  readonly parent: number
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
  /** Octal, with a leading 0. */
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
  /** All options as the kernel writes them, those of the mount first. */
  readonly options: string
  /** Another mount lies on the path: what is mounted here cannot be reached by it. */
  readonly hidden: boolean
}

const optionsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(',').map((option) => {
      const at = option.indexOf('=')
      return at < 0 ? [option, ''] : [option.slice(0, at), option.slice(at + 1)]
    }),
  )

/**
 * Reads the options as hugetlbfs_show_options (fs/hugetlbfs/inode.c) prints them: the page size
 * always, in K or M; owner and mode only where they differ from 0 and 755. Undefined where there is
 * no page size.
 */
export const parseHugetlbfsOptions = (text: string): HugetlbfsOptions | undefined => {
  const options = optionsOf(text)
  const number = (name: string) => parseBytes(options.get(name) ?? '')
  const pageSize = number('pagesize')
  if (pageSize === undefined) return undefined
  const [size, minSize, inodes] = ['size', 'min_size', 'nr_inodes'].map(number)
  return {
    pageSize,
    ...(size !== undefined && { size }),
    ...(minSize !== undefined && { minSize }),
    ...(inodes !== undefined && { inodes }),
    uid: Number(options.get('uid') ?? 0),
    gid: Number(options.get('gid') ?? 0),
    mode: `0${options.get('mode') ?? '755'}`,
  }
}

/** The options of mount and file system in one list, as findmnt(8) has them. */
export const allOptions = ({ flags, options }: MountLine): string => {
  const own = options.split(',').filter((option) => option !== 'rw' && option !== 'ro')
  return [flags, ...own].join(',')
}

const covers = (upper: string, lower: string): boolean =>
  upper === lower || upper === '/' || lower.startsWith(`${upper}/`)

/** A mount and those it stands on, as far as this namespace shows them. */
const chainOf = (mount: MountLine, byId: ReadonlyMap<number, MountLine>): ReadonlySet<number> => {
  const chain = new Set([mount.id])
  for (let next = byId.get(mount.parent); next && !chain.has(next.id); next = byId.get(next.parent))
    chain.add(next.id)
  return chain
}

/**
 * The mounts among `wanted` that their own path does not lead to: another one was mounted on the
 * same directory or on one above it.
 */
export const hiddenAmong = (
  wanted: readonly MountLine[],
  all: readonly MountLine[],
): ReadonlySet<MountLine> => {
  const byId = new Map(all.map((mount) => [mount.id, mount]))
  const hides = (mount: MountLine) => {
    const chain = chainOf(mount, byId)
    return all.some(
      (other) =>
        !chain.has(other.id) && chain.has(other.parent) && covers(other.target, mount.target),
    )
  }
  return new Set(wanted.filter(hides))
}
