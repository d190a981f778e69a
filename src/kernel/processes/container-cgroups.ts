import { listIfReadable } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { namesHugetlb } from './full-cgroups.ts'
import { groupBelow, groupMounts } from './hugetlb-cgroup.ts'

/** The groups that container runtimes and Kubernetes make for their containers. */
const ofContainers = /^(?:kubepods(?:\.slice)?|docker|libpod_parent)$/
const ofOneContainer = /^(?:docker|cri-containerd|nerdctl|crio|libpod)-[0-9a-f]{64}\.scope$/

const hasController = (tree: Tree, directory: string): boolean =>
  namesHugetlb(tree, `${directory}/cgroup.controllers`)

/**
 * Finds the groups of containers that have no hugetlb controller, though the root of version 2 has it:
 * systemd does not know it, and gives it to no group. They are in the root, or in system.slice.
 */
export const containersWithoutLimits = (tree: Tree): readonly string[] => {
  const { second } = groupMounts(tree)
  if (second === undefined || !hasController(tree, second.target)) return []
  const below = (group: string, names: RegExp) =>
    listIfReadable(tree, groupBelow(second.target, group))
      .filter((name) => names.test(name))
      .map((name) => groupBelow(group, `/${name}`))
  return [...below('/', ofContainers), ...below('/system.slice', ofOneContainer)].filter(
    (group) => !hasController(tree, groupBelow(second.target, group)),
  )
}
