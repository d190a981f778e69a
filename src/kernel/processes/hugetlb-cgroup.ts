import { asOctets, type Octets, textOf } from '../../model/etc/octets.ts'
import { isWithin, pathAndAbove, pathPrefix } from '../../model/etc/path-parts.ts'
import type { MountLine } from '../../model/mounts/hugetlbfs-mount.ts'
import type { CgroupLimit, CgroupLimits } from '../../model/processes/cgroup-limit.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { mountinfoPath, parseMountinfoLines } from '../mounts/mountinfo.ts'
import { readIfPresent, readNumberIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { type LimitFiles, limitFiles } from './limit-files.ts'

/** A cgroup hierarchy that contains this process, and where it is mounted. */
export interface CgroupMount {
  readonly target: string
  /** The group that is visible at `target`. In a container it may be another one than `/`. */
  readonly root: string
  /** The group of this process. */
  readonly group: string
}

/** A group without a limit shows `max`, or a number close to 2^63 (v1, and v2 from 6.15 to 7.1). */
const leastUnlimited = 2n ** 63n - 2n ** 34n

/** Whether the text of a limit says that there is none. */
export const isUnlimited = (text: string): boolean =>
  text.trim() === 'max' || (/^\d+\n?$/.test(text) && BigInt(text.trim()) >= leastUnlimited)

/** Reads the limit of the group that has this directory; undefined where it has none. */
export const limitOf = (
  tree: Tree,
  directory: string,
  group: string,
  [max, current]: LimitFiles,
): CgroupLimit | undefined => {
  const path = `${directory}/${max}`
  const most = readNumberIfPresent(tree, path)
  const now = readNumberIfPresent(tree, `${directory}/${current}`)
  if (most === undefined || now === undefined || most >= leastUnlimited) return undefined
  return { group, file: max, path, max: most, current: now }
}

/** Joins the path of a group to the path, or to the directory, of the group above it. */
export const groupBelow = (directory: string, path: string): string =>
  path === '/' ? directory : `${pathPrefix(directory)}${path}`

const limitsIn = (tree: Tree, groupMount: CgroupMount | undefined, files: LimitFiles) => {
  if (groupMount === undefined) return []
  const { target, root, group } = groupMount
  const below = root === '/' ? group : group.slice(root.length) || '/'
  return pathAndAbove(below).flatMap(
    (path) => limitOf(tree, groupBelow(target, path), groupBelow(root, path), files) ?? [],
  )
}

/**
 * Finds the group in /proc/PID/cgroup: a line `0::/group` is v2, `4:hugetlb:/group` is v1
 * (cgroups(7)).
 */
const groupOf = (text: Octets, controllers: RegExp): string | undefined => {
  const group = text
    .split('\n')
    .map((line) => /^(\d+):([^:]*):(\/.*)$/.exec(line))
    .find((match) => match !== null && controllers.test(match[2] ?? ''))?.[3]
  return group === undefined ? undefined : textOf(asOctets(group))
}

const groupMountOf = (
  lines: readonly MountLine[],
  group: string | undefined,
  otherwise: string,
): CgroupMount | undefined => {
  if (group === undefined) return undefined
  const line = lines.find(({ root }) => isWithin(group, root))
  return line
    ? { target: line.target, root: line.root, group }
    : { target: otherwise, root: '/', group }
}

/** Huge pages count as memory only with this option of the cgroup2 mount (since 6.7). */
const countsMemory = ({ type, options }: MountLine): boolean =>
  type === 'cgroup2' && options.split(',').includes('memory_hugetlb_accounting')

const hasHugetlb = ({ type, options }: MountLine): boolean =>
  type === 'cgroup' && options.split(',').includes('hugetlb')

const isSecond = ({ type }: MountLine): boolean => type === 'cgroup2'

const allMounts = (tree: Tree): readonly MountLine[] =>
  parseMountinfoLines(readIfPresent(tree, mountinfoPath) ?? asOctets('')).lines

/**
 * Finds the mounts of the hierarchies in which a process can be under limits on huge pages. A
 * controller is in one hierarchy only: where version 1 has it, that hierarchy comes first.
 */
export const hierarchyMounts = (tree: Tree): readonly MountLine[] => {
  const lines = allMounts(tree)
  return [...lines.filter(hasHugetlb), ...lines.filter(isSecond)]
}

/** The hierarchies of both versions that can have limits on huge pages. */
export interface GroupMounts {
  readonly second: CgroupMount | undefined
  readonly first: CgroupMount | undefined
  /** Whether huge pages count as memory, which is an option of the mount (since 6.7). */
  readonly hasMemory: boolean
}

/** Finds the groups that a process is in. */
export const groupMounts = (tree: Tree, pid: number | 'self' = 'self'): GroupMounts => {
  const text = readIfPresent(tree, `/proc/${pid}/cgroup`) ?? asOctets('')
  const mounts = allMounts(tree)
  return {
    second: groupMountOf(mounts.filter(isSecond), groupOf(text, /^$/), '/sys/fs/cgroup'),
    first: groupMountOf(
      mounts.filter(hasHugetlb),
      groupOf(text, /(?:^|,)hugetlb(?:,|$)/),
      '/sys/fs/cgroup/hugetlb',
    ),
    hasMemory: mounts.some(countsMemory),
  }
}

/** The directory of a group below the place where its hierarchy is mounted. */
export const directoryOfGroup = ({ target, root, group }: CgroupMount): string =>
  groupBelow(target, root === '/' ? group : group.slice(root.length) || '/')

const hasGroup = (tree: Tree, mount: CgroupMount): boolean =>
  readIfPresent(tree, `${directoryOfGroup(mount)}/cgroup.procs`) !== undefined

/** Finds the group of a path in one hierarchy; undefined where there is none. */
const groupOn = (
  tree: Tree,
  line: MountLine | undefined,
  path: string,
): CgroupMount | undefined => {
  if (line === undefined) return undefined
  const { target, root } = line
  const whole = pathPrefix(path) || '/'
  const named = isWithin(whole, target) ? whole.slice(pathPrefix(target).length) || '/' : whole
  const mount = { target, root, group: groupBelow(root, named) }
  return hasGroup(tree, mount) ? mount : undefined
}

/**
 * Finds the groups that a path names: the path of a group within its hierarchy, or its directory below
 * the place where the hierarchy is mounted. A hierarchy without such a group is left out.
 */
export const groupMountsAt = (tree: Tree, path: string): GroupMounts => {
  const mounts = allMounts(tree)
  return {
    second: groupOn(tree, mounts.find(isSecond), path),
    first: groupOn(tree, mounts.find(hasHugetlb), path),
    hasMemory: mounts.some(countsMemory),
  }
}

const hasCpuset = ({ type, options }: MountLine): boolean =>
  type === 'cgroup' && options.split(',').includes('cpuset')

/** Finds the group of a path in the hierarchy of version 1 that has the cpusets. */
export const cpusetMountAt = (tree: Tree, path: string): CgroupMount | undefined =>
  groupOn(tree, allMounts(tree).find(hasCpuset), path)

/** Reads the limits on pages of a size, of groups and of those above them. */
export const limitsOfGroups = (
  tree: Tree,
  size: PageSize,
  { first, second, hasMemory }: GroupMounts,
): CgroupLimits => {
  const files = limitFiles(size)
  return {
    pages: [
      ...limitsIn(tree, second, files.second.pages),
      ...limitsIn(tree, first, files.first.pages),
    ],
    reserved: [
      ...limitsIn(tree, second, files.second.reserved),
      ...limitsIn(tree, first, files.first.reserved),
    ],
    memory: hasMemory ? limitsIn(tree, second, ['memory.max', 'memory.current']) : [],
  }
}

/**
 * Reads the limits on pages of a size, of the cgroup of a process, which is this one where none is
 * named, and of those above it.
 */
export const readCgroupLimits = (tree: Tree, size: PageSize, pid?: number): CgroupLimits =>
  limitsOfGroups(tree, size, groupMounts(tree, pid))
