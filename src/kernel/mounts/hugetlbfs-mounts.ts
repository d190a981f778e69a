import { HugepoolError } from '../../errors.ts'
import {
  allOptions,
  type HugetlbfsMount,
  type MountLine,
  type MountUse,
  parseHugetlbfsOptions,
} from '../../model/mounts/hugetlbfs-mount.ts'
import { hiddenAmong, mountOn } from '../../model/mounts/mount-hidden.ts'
import { present } from '../../model/words/present.ts'
import { isLive, type Tree } from '../tree.ts'
import { hugetlbfsAt, isLimited } from './hugetlbfs-statfs.ts'
import { filesBelow } from './mount-files.ts'
import { mountinfoPath, readMountinfo } from './mountinfo.ts'

/** Runs `look`; undefined where permission is missing, or where the file has gone meanwhile. */
const ifAllowed = <T>(look: () => T): T | undefined => {
  try {
    return look()
  } catch {
    return undefined
  }
}

/**
 * Reserved bytes count as used. Where `size` is 0, no file can have a page, and the kernel counts
 * no blocks.
 */
const useOf = (directory: string, size: bigint | undefined): MountUse => {
  const found = ifAllowed(() => hugetlbfsAt(directory))
  if (found === undefined) return {}
  const files = ifAllowed(() => BigInt(filesBelow(directory).length))
  const limited = size === 0n || (size !== undefined && isLimited(found))
  return present({
    used: limited ? (found.blocks - found.bfree) * found.bsize : undefined,
    free: limited ? found.bfree * found.bsize : undefined,
    files,
  })
}

/**
 * Undefined for other types of file systems. Throws E_KERNEL where the options are not those of
 * hugetlbfs.
 */
const hugetlbfsMountOf = (
  line: MountLine,
  hidden: boolean,
  live: boolean,
): HugetlbfsMount | undefined => {
  if (line.type !== 'hugetlbfs') return undefined
  const options = parseHugetlbfsOptions(line.options)
  if (options === undefined)
    throw new HugepoolError(
      'E_KERNEL',
      `${mountinfoPath}: unknown options of the hugetlbfs on ${line.target}: ${line.options}`,
    )
  const use = live && !hidden ? useOf(line.target, options.size) : undefined
  return present({
    target: line.target,
    source: line.source,
    bound: line.root === '/' ? undefined : line.root,
    ...options,
    ...use,
    options: allOptions(line),
    hidden,
  })
}

/** Every hugetlbfs mount of this mount namespace, in the kernel's order. */
export const readMounts = (tree: Tree): readonly HugetlbfsMount[] => {
  const all = readMountinfo(tree)
  const wanted = all.filter(({ type }) => type === 'hugetlbfs')
  const hidden = hiddenAmong(wanted, all)
  const live = wanted.length > 0 && isLive(tree)
  return wanted.flatMap((line) => hugetlbfsMountOf(line, hidden.has(line), live) ?? [])
}

/** The mount that a path leads to; undefined where the path is not a mount point. */
export const readMountOn = (
  tree: Tree,
  target: string,
): { readonly type: string; readonly hugetlbfs?: HugetlbfsMount } | undefined => {
  const line = mountOn(target, readMountinfo(tree))
  if (line === undefined) return undefined
  const hugetlbfs = hugetlbfsMountOf(line, false, isLive(tree))
  return present({ type: line.type, hugetlbfs })
}

/**
 * The directories on which a hugetlbfs can be reached. Only mountinfo is read, and no file system.
 */
export const readMountPoints = (tree: Tree): readonly string[] => {
  const all = readMountinfo(tree)
  const wanted = all.filter(({ type }) => type === 'hugetlbfs')
  const hidden = hiddenAmong(wanted, all)
  return wanted.filter((line) => !hidden.has(line)).map(({ target }) => target)
}
