import { HugepoolError } from '../../errors.ts'
import { groupId, userId } from '../../kernel/etc/passwd-and-group.ts'
import { readMountOn } from '../../kernel/mounts/hugetlbfs-mounts.ts'
import { lookAtMountPoint, realTarget } from '../../kernel/mounts/mount-point.ts'
import { mountinfoPath } from '../../kernel/mounts/mountinfo.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { DesiredMount } from '../../model/mounts/desired-mount.ts'
import type { HugetlbfsMount } from '../../model/mounts/hugetlbfs-mount.ts'
import type { MountFacts, TargetState } from '../../model/mounts/mount-plan.ts'
import type { MountRequest } from '../../model/mounts/mount-request.ts'
import { checkReadable, type PoolSet } from '../../model/pools/machine.ts'
import { present } from '../../model/words/present.ts'

/**
 * Looks at a directory. What is in one that may not be read matters only where nothing is mounted
 * on it.
 */
const pointAt = (tree: Tree, target: string, isMounted: boolean) => {
  try {
    return lookAtMountPoint(tree, target)
  } catch (error) {
    const isDenied = error instanceof HugepoolError && error.code === 'E_PERMISSION'
    if (isMounted && isDenied) return { kind: 'full' as const }
    throw error
  }
}

const stateAt = (tree: Tree, target: string): TargetState => {
  const mount = readMountOn(tree, target)
  return present({ missing: [], ...pointAt(tree, target, mount?.hugetlbfs !== undefined), mount })
}

/** What is at the target of a request. Its path is the one that the kernel shows. */
export interface LookedAtMount {
  readonly request: MountRequest
  readonly facts: Omit<MountFacts, 'pools'>
}

/**
 * Looks at the path of a request, and finds the ids of its owner. Throws E_USAGE for a user or
 * group that is not there, and the error of a pool that cannot be read.
 */
export const lookAtMount = (tree: Tree, request: MountRequest, found: PoolSet): LookedAtMount => {
  const target = realTarget(tree, request.target)
  const state = stateAt(tree, target)
  checkReadable(found, request.pageSize)
  if (state.mount?.hugetlbfs) checkReadable(found, state.mount.hugetlbfs.pageSize)
  const owner = {
    uid: request.user === undefined ? 0 : userId(tree, request.user),
    gid: request.group === undefined ? 0 : groupId(tree, request.group),
  }
  return { request: { ...request, target }, facts: { state, owner } }
}

/** Reads a mount back. Throws E_KERNEL where it is not there. */
export const readMountBack = (tree: Tree, { target }: DesiredMount): HugetlbfsMount => {
  const found = readMountOn(tree, target)?.hugetlbfs
  if (found !== undefined) return found
  throw new HugepoolError(
    'E_KERNEL',
    'changed',
    `${target}: was mounted, but ${mountinfoPath} does not show it there now`,
  )
}
