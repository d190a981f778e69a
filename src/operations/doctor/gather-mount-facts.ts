import { HugepoolError } from '../../errors.ts'
import { readMounts } from '../../kernel/mounts/hugetlbfs-mounts.ts'
import { filesIn } from '../../kernel/mounts/mount-files.ts'
import { absolutePath } from '../../kernel/mounts/mount-point.ts'
import { inodesLeft, roomOnMount } from '../../kernel/mounts/room-on-mount.ts'
import { directoryAccess, mayMakeFiles } from '../../kernel/processes/read-directory-access.ts'
import { realPathOf } from '../../kernel/real-path.ts'
import { isLive, type Tree } from '../../kernel/tree.ts'
import type { ChosenMount, FileFacts } from '../../model/doctor/mount-facts.ts'
import type { MappingPlan } from '../../model/mapping/mapping-plan.ts'
import type { MountRoom } from '../../model/mapping/reasons/fault-facts.ts'
import type { HugetlbfsMount } from '../../model/mounts/hugetlbfs-mount.ts'
import {
  chooseMount,
  chooseOwnMount,
  isReadOnly,
  mountAt,
} from '../../model/mounts/mount-choice.ts'
import { closedDirectory, type DirectoryAccess } from '../../model/processes/directory-access.ts'
import { atLeastNone } from '../../model/words/count.ts'
import { present } from '../../model/words/present.ts'
import type { FoundSubject } from './found-subject.ts'

/**
 * Finds the directory through which the mounts of the subject are reached from here; undefined for a
 * recording.
 */
const rootOf = (tree: Tree, { pid }: FoundSubject): string | undefined => {
  if (!isLive(tree)) return undefined
  return pid === undefined ? '/' : `/proc/${pid}/root`
}

const below = (root: string, path: string): string => (root === '/' ? path : `${root}${path}`)

/**
 * A recording has no directories to ask: the owner and the mode are those that the mount was made with.
 */
const recordedAccess = ({ target, uid, gid, mode }: HugetlbfsMount): readonly DirectoryAccess[] => [
  { path: target, user: BigInt(uid), group: BigInt(gid), mode: Number.parseInt(mode, 8) & 0o777 },
]

const accessTo = (
  root: string | undefined,
  directory: string,
  mount: HugetlbfsMount,
): readonly DirectoryAccess[] | undefined =>
  root === undefined ? recordedAccess(mount) : directoryAccess(root, directory)

/** Follows the links of a path that was typed, where the mounts are those of this process. */
const typedPath = (root: string | undefined, typed: string): string => {
  const path = absolutePath(typed)
  if (root !== '/') return path
  try {
    return realPathOf(path)
  } catch {
    return path
  }
}

/** Tells whether files can be made on a mount by the subject that is asked about. */
const isOpen = (
  root: string | undefined,
  mount: HugetlbfsMount,
  { identity }: FoundSubject,
  isCaller: boolean,
): boolean => {
  if (isReadOnly(mount)) return false
  if (isCaller && root === '/') return mayMakeFiles(mount.target)
  const access = accessTo(root, mount.target, mount)
  if (access === undefined || identity === undefined) return false
  return closedDirectory(identity, access) === undefined
}

const chosenDirectory = (
  root: string | undefined,
  mounts: readonly HugetlbfsMount[],
  { size, mount }: MappingPlan,
  found: FoundSubject,
  isCaller: boolean,
): string => {
  if (mount !== undefined) return chooseMount(mounts, size, typedPath(root, mount))
  return chooseOwnMount(mounts, size, (target) => {
    const there = mounts.find((each) => each.target === target && !each.hidden)
    return there !== undefined && isOpen(root, there, found, isCaller)
  })
}

const leftOf = (root: string | undefined, target: string, most: bigint): bigint | undefined =>
  root === undefined ? atLeastNone(most - 1n) : inodesLeft(below(root, target), most)

const chosenMount = (
  root: string | undefined,
  mounts: readonly HugetlbfsMount[],
  directory: string,
  isCaller: boolean,
): ChosenMount | undefined => {
  const mount = mountAt(mounts, directory)
  if (mount === undefined) return undefined
  return present({
    directory,
    mount,
    access: accessTo(root, directory, mount),
    mayWrite: isCaller && root === '/' ? mayMakeFiles(directory) : undefined,
    inodes: mount.inodes === undefined ? undefined : leftOf(root, mount.target, mount.inodes),
  })
}

/**
 * Looks for the directory in which a file would be made. `isCaller` tells that this process itself would
 * make it, about which access(2) knows more than owners and modes tell.
 */
export const gatherMountFacts = (
  tree: Tree,
  plan: MappingPlan,
  found: FoundSubject,
  isCaller: boolean,
): FileFacts => {
  const root = rootOf(tree, found)
  const mounts = readMounts(tree, found.pid)
  const fit = mounts.filter(({ pageSize }) => pageSize === plan.size)
  try {
    const directory = chosenDirectory(root, mounts, plan, found, isCaller)
    return present({ fit, chosen: chosenMount(root, mounts, directory, isCaller) })
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    return { fit, error }
  }
}

/**
 * Tells the room that the mount has left. A recording does not show what is in use on a mount, so that
 * its whole limit counts there.
 */
export const mountRoomOf = (
  tree: Tree,
  { chosen }: FileFacts,
  found: FoundSubject,
): MountRoom | undefined => {
  if (chosen === undefined) return undefined
  const { directory, mount } = chosen
  const { target, size, minSize = 0n, pageSize } = mount
  const root = rootOf(tree, found)
  const at = root === undefined ? undefined : below(root, directory)
  const left = at === undefined ? size : roomOnMount(at)?.free
  const files =
    root === undefined || minSize === 0n ? undefined : filesIn(below(root, target), pageSize)
  const least = atLeastNone(minSize - (files?.pages ?? 0n) * pageSize)
  return present({
    target,
    least: least > 0n ? least : undefined,
    free: left ?? (size === 0n ? 0n : undefined),
  })
}
