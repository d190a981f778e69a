import { directoryAbove } from '../../model/etc/path-parts.ts'
import type { CgroupCharge } from '../../model/processes/who/charged-cgroup.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { readNumberIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { groupDirectories } from './full-cgroups.ts'
import { groupMounts } from './hugetlb-cgroup.ts'
import { limitFiles } from './limit-files.ts'
import { ifShown } from './scan/quick-read.ts'

/**
 * Reads how much of a size is counted against each cgroup that can be seen, without the groups below
 * it. Groups without any are left out, and so is the root, of which version 2 counts nothing.
 */
export const readCgroupCharges = (tree: Tree, size: PageSize): readonly CgroupCharge[] => {
  const files = limitFiles(size)
  const counted = groupDirectories(tree).flatMap(({ directory, group, version }) => {
    const [, current] = files[version].pages
    const bytes = ifShown(() => readNumberIfPresent(tree, `${directory}/${current}`))
    return bytes === undefined || group === '/' ? [] : [{ size, group, bytes }]
  })
  const below = new Map<string, bigint>()
  for (const { group, bytes } of counted)
    below.set(directoryAbove(group), (below.get(directoryAbove(group)) ?? 0n) + bytes)
  return counted
    .map((one) => ({ ...one, bytes: one.bytes - (below.get(one.group) ?? 0n) }))
    .filter(({ bytes }) => bytes > 0n)
}

/** Finds the cgroup by which the huge pages of a process are counted; undefined where it is not seen. */
export const countingGroupOf = (tree: Tree, pid: number): string | undefined => {
  const { first, second } = groupMounts(tree, pid)
  return first?.group ?? second?.group
}
