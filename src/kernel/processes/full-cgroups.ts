import {
  allTooSmall,
  type FullCgroups,
  type HugetlbLimits,
} from '../../model/processes/cgroup-limit.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { readIfReadable } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import {
  type CgroupMount,
  groupBelow,
  groupMounts,
  limitOf,
  readCgroupLimits,
} from './hugetlb-cgroup.ts'
import { type LimitFiles, limitFiles } from './limit-files.ts'
import { ifShown } from './scan/quick-read.ts'

/**
 * The directory of a group in one of the two versions of the hierarchy. Where the group goes away
 * meanwhile, its files answer ENODEV.
 */
export interface GroupDirectory {
  readonly directory: string
  readonly group: string
  readonly version: 'first' | 'second'
}

/** The files that the kernel has in the directory of a group. Another name may be that of a group. */
const ofKernel =
  /^(?:cgroup|cpu|cpuacct|cpuset|io|blkio|memory|pids|hugetlb|rdma|misc|dmem|irq|devices|freezer|net_cls|net_prio|perf_event)\.|^(?:tasks|notify_on_release|release_agent)$/

/** Whether a file of the second version names the controller of huge pages (cgroups(7)). */
export const namesHugetlb = (tree: Tree, file: string): boolean =>
  (readIfReadable(tree, file) ?? '').trim().split(' ').includes('hugetlb')

/**
 * Whether the groups below one can have limits on huge pages: the second version names the
 * controllers that they have, and in the first all have them.
 */
const haveLimitsBelow = (tree: Tree, { directory, version }: GroupDirectory): boolean =>
  version === 'first' || namesHugetlb(tree, `${directory}/cgroup.subtree_control`)

const withThoseBelow = (tree: Tree, one: GroupDirectory): readonly GroupDirectory[] => {
  if (!haveLimitsBelow(tree, one)) return [one]
  const { directory, group, version } = one
  const names = (ifShown(() => tree.list(directory)) ?? []).filter((name) => !ofKernel.test(name))
  return [
    one,
    ...names.toSorted().flatMap((name) =>
      withThoseBelow(tree, {
        directory: groupBelow(directory, `/${name}`),
        group: groupBelow(group, `/${name}`),
        version,
      }),
    ),
  ]
}

/** The directories of all groups that can have limits on huge pages, as far as they can be seen. */
export const groupDirectories = (tree: Tree): readonly GroupDirectory[] => {
  const { first, second } = groupMounts(tree)
  const allIn = (mount: CgroupMount | undefined, version: GroupDirectory['version']) =>
    mount === undefined
      ? []
      : withThoseBelow(tree, { directory: mount.target, group: mount.root, version })
  return [...allIn(second, 'second'), ...allIn(first, 'first')]
}

const fullOf = (size: PageSize, { pages, reserved }: HugetlbLimits): FullCgroups => ({
  size,
  pages: allTooSmall(pages, size),
  reserved: allTooSmall(reserved, size),
})

/**
 * Finds the limits that leave no room for another page, of the cgroup of a process and of those above
 * it.
 */
export const readFullCgroupsOf = (tree: Tree, size: PageSize, pid?: number): FullCgroups =>
  fullOf(size, readCgroupLimits(tree, size, pid))

const limitsIn = (tree: Tree, groups: readonly GroupDirectory[], size: PageSize): HugetlbLimits => {
  const files = limitFiles(size)
  const limitsBy = (filesOf: (version: GroupDirectory['version']) => LimitFiles) =>
    groups.flatMap(
      ({ directory, group, version }) =>
        ifShown(() => limitOf(tree, directory, group, filesOf(version))) ?? [],
    )
  return {
    pages: limitsBy((version) => files[version].pages),
    reserved: limitsBy((version) => files[version].reserved),
  }
}

/**
 * Finds the limits that leave no room for another page, in all cgroups that can be seen. A group that
 * has nothing of the size counts only where this process is in it: Kubernetes allows none to every
 * container that did not ask for some.
 */
export const readAllFullCgroups = (
  tree: Tree,
  sizes: readonly PageSize[],
  groups: readonly GroupDirectory[] = sizes.length === 0 ? [] : groupDirectories(tree),
): readonly FullCgroups[] => {
  return sizes.map((size) => {
    const own = readFullCgroupsOf(tree, size)
    const full = fullOf(size, limitsIn(tree, groups, size))
    const told = (what: 'pages' | 'reserved') =>
      full[what].filter(
        ({ group, file, current }) =>
          current > 0n || own[what].some((one) => one.group === group && one.file === file),
      )
    return { size, pages: told('pages'), reserved: told('reserved') }
  })
}
