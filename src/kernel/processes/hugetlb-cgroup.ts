import { asOctets, type Octets, textOf } from '../../model/etc/octets.ts'
import { isWithin, pathAndAbove, pathPrefix } from '../../model/etc/path-parts.ts'
import type { MountLine } from '../../model/mounts/hugetlbfs-mount.ts'
import type { CgroupLimit, CgroupLimits } from '../../model/processes/cgroup-limit.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { mountinfoPath, parseMountLines } from '../mounts/mountinfo.ts'
import { readIfPresent, readNumberIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

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

/** The kernel writes sizes as KB, MB and GB here (mem_fmt in mm/hugetlb_cgroup.c). */
const groupSizeName = (size: PageSize): string => {
  if (size >= 2n ** 30n) return `${size / 2n ** 30n}GB`
  return size >= 2n ** 20n ? `${size / 2n ** 20n}MB` : `${size / 1024n}KB`
}

/** The files of a limit in the directory of a group: what it allows, and what there is. */
export type LimitFiles = readonly [max: string, current: string]

/** The files of the limits on pages of a size, by the version of the hierarchy. */
export const limitFiles = (size: PageSize) => {
  const name = `hugetlb.${groupSizeName(size)}`
  return {
    second: {
      pages: [`${name}.max`, `${name}.current`],
      reserved: [`${name}.rsvd.max`, `${name}.rsvd.current`],
    },
    first: {
      pages: [`${name}.limit_in_bytes`, `${name}.usage_in_bytes`],
      reserved: [`${name}.rsvd.limit_in_bytes`, `${name}.rsvd.usage_in_bytes`],
    },
  } as const
}

/** The limit of the group whose directory this is; undefined where it has none. */
export const limitOf = (
  tree: Tree,
  directory: string,
  group: string,
  [max, current]: LimitFiles,
): CgroupLimit | undefined => {
  const most = readNumberIfPresent(tree, `${directory}/${max}`)
  const now = readNumberIfPresent(tree, `${directory}/${current}`)
  if (most === undefined || now === undefined || most >= leastUnlimited) return undefined
  return { group, file: max, max: most, current: now }
}

/** The path of a group below another one, or of its directory below that of another. */
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

/** The hierarchies of both versions that can have limits on huge pages. */
export const groupMounts = (tree: Tree, pid: number | 'self' = 'self') => {
  const text = readIfPresent(tree, `/proc/${pid}/cgroup`) ?? asOctets('')
  const mounts = parseMountLines(readIfPresent(tree, mountinfoPath) ?? asOctets('')).lines
  const isFirst = ({ type, options }: MountLine): boolean =>
    type === 'cgroup' && options.split(',').includes('hugetlb')
  return {
    second: groupMountOf(
      mounts.filter(({ type }) => type === 'cgroup2'),
      groupOf(text, /^$/),
      '/sys/fs/cgroup',
    ),
    first: groupMountOf(
      mounts.filter(isFirst),
      groupOf(text, /(?:^|,)hugetlb(?:,|$)/),
      '/sys/fs/cgroup/hugetlb',
    ),
    hasMemory: mounts.some(countsMemory),
  }
}

/**
 * The limits on pages of a size, from the cgroup of a process, which is this one where none is named,
 * and from those above it.
 */
export const readCgroupLimits = (tree: Tree, size: PageSize, pid?: number): CgroupLimits => {
  const { first, second, hasMemory } = groupMounts(tree, pid)
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
