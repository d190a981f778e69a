import { HugepoolError } from '../../errors.ts'
import {
  allOptions,
  type HugetlbfsMount,
  isUnderstood,
  type MountLine,
  type MountUse,
  type ShownMount,
  unclearWords,
} from '../../model/mounts/hugetlbfs-mount.ts'
import { parseHugetlbfsOptions } from '../../model/mounts/hugetlbfs-options.ts'
import { hiddenAmong, mountOn } from '../../model/mounts/mount-hidden.ts'
import type { Bytes } from '../../model/words/bytes.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { isShortage } from '../errno.ts'
import { readMeminfo } from '../pools/meminfo.ts'
import { isLive, type Tree } from '../tree.ts'
import { hugetlbfsAt, isLimited } from './hugetlbfs-statfs.ts'
import { namedFiles, occupiedBytes } from './mount-files.ts'
import { beginningOf, mountinfoPath, readMountinfo, readMountinfoLines } from './mountinfo.ts'

/** Runs `look`; returns undefined where permission is missing or the file has gone meanwhile. */
const ifAllowed = <T>(look: () => T): T | undefined => {
  try {
    return look()
  } catch (error) {
    if (isShortage(error)) throw error
    return undefined
  }
}

interface LookedInto extends MountUse {
  /** The limit that statfs shows, which a mount can have although its options do not give it. */
  readonly limit?: Bytes
}

/**
 * Reads what is in use on a mount. With a limit the kernel counts used and reserved bytes. Where
 * `size` is 0, no file can have a page, and the kernel counts no blocks. Without a limit it counts
 * nothing (hugetlbfs_statfs in fs/hugetlbfs/inode.c), so the bytes of the files are added up.
 */
const lookInto = (directory: string, size: Bytes | undefined): LookedInto => {
  const found = ifAllowed(() => hugetlbfsAt(directory))
  if (found === undefined) return {}
  const named = ifAllowed(() => namedFiles(directory))
  const limited = size === 0n || isLimited(found)
  const fileBytes = named && occupiedBytes(named)
  return present({
    used: limited ? (found.blocks - found.bfree) * found.bsize : fileBytes,
    free: limited ? found.bfree * found.bsize : undefined,
    files: named && BigInt(named.names),
    fileBytes,
    limit: limited ? found.blocks * found.bsize : undefined,
  })
}

/** How mounts are read: the default page size, and whether files may be looked at. */
interface HowToRead {
  readonly defaultSize: PageSize | undefined
  readonly looking: boolean
}

const howToRead = (tree: Tree, looking: boolean): HowToRead => ({
  defaultSize: readMeminfo(tree).get('Hugepagesize'),
  looking: looking && isLive(tree),
})

const isHugetlbfs = ({ type }: MountLine): boolean => type === 'hugetlbfs'

const shownMountOf = (line: MountLine, hidden: boolean, how: HowToRead): ShownMount => {
  const { unclear, shares, ...options } = parseHugetlbfsOptions(line.options, how.defaultSize)
  const looked: LookedInto = how.looking && !hidden ? lookInto(line.target, options.size) : {}
  const { limit, ...use } = looked
  const found = shares.some((share) => share.startsWith('size=')) ? limit : undefined
  const unknown = shares.filter((share) => found === undefined || !share.startsWith('size='))
  return present({
    target: line.target,
    device: line.device,
    source: line.source,
    bound: line.root === '/' ? undefined : line.root,
    ...options,
    size: options.size ?? found,
    ...use,
    options: allOptions(line),
    hidden,
    unclear: unclear.length > 0 ? unclear : undefined,
    shares: unknown.length > 0 ? unknown : undefined,
  })
}

/** The hugetlbfs mounts of a mount namespace, and the lines that were not understood. */
export interface MountTable {
  /** In the kernel's order. */
  readonly mounts: readonly ShownMount[]
  readonly unknown: readonly string[]
}

const tableOf = (tree: Tree, looking: boolean, pid?: number): MountTable => {
  const { lines, unknown: odd } = readMountinfoLines(tree, pid)
  const unknown = odd.map(beginningOf)
  const wanted = lines.filter(isHugetlbfs)
  if (wanted.length === 0) return { mounts: [], unknown }
  const hidden = hiddenAmong(wanted, lines)
  const how = howToRead(tree, looking)
  return { mounts: wanted.map((line) => shownMountOf(line, hidden.has(line), how)), unknown }
}

/** Reads every hugetlbfs mount of this mount namespace, with what is in use on it. */
export const readMountTable = (tree: Tree): MountTable => tableOf(tree, true)

/**
 * Reads every hugetlbfs mount whose options are understood, in the kernel's order. The mount
 * namespace is that of the process `pid`, or of this one. Only mountinfo is read, and no file
 * system.
 */
export const readMounts = (tree: Tree, pid?: number): readonly HugetlbfsMount[] =>
  tableOf(tree, false, pid).mounts.filter(isUnderstood)

/**
 * Reads the mount that a path leads to; undefined where the path is not a mount point. Throws
 * E_KERNEL for a hugetlbfs whose options are not understood.
 */
export const readMountOn = (
  tree: Tree,
  target: string,
): { readonly type: string; readonly hugetlbfs?: HugetlbfsMount } | undefined => {
  const line = mountOn(target, readMountinfo(tree, target))
  if (line === undefined) return undefined
  if (!isHugetlbfs(line)) return { type: line.type }
  const mount = shownMountOf(line, false, howToRead(tree, true))
  if (isUnderstood(mount)) return { type: line.type, hugetlbfs: mount }
  throw new HugepoolError('E_KERNEL', 'not-understood', `${mountinfoPath}: ${unclearWords(mount)}`)
}

/**
 * Reads the directories on which a hugetlbfs can be reached. Only mountinfo is read, and no file
 * system.
 */
export const readMountPoints = (tree: Tree): readonly string[] => {
  const { lines } = readMountinfoLines(tree)
  const wanted = lines.filter(isHugetlbfs)
  const hidden = hiddenAmong(wanted, lines)
  return wanted.filter((line) => !hidden.has(line)).map(({ target }) => target)
}
