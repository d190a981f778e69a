import { HugepoolError } from '../errors.ts'
import { groupId, userId } from '../kernel/accounts.ts'
import { detachedMount, remount } from '../kernel/attach-mount.ts'
import { lookAt, makeDirectories, realTarget } from '../kernel/mount-point.ts'
import { readMountOn } from '../kernel/mounts.ts'
import { readPools } from '../kernel/pools.ts'
import { isLive } from '../kernel/tree.ts'
import type { HugetlbfsMount } from '../model/mount.ts'
import {
  type MountOptions,
  type MountPlan,
  mountLines,
  type Place,
  planMount,
} from '../model/mount-plan.ts'
import type { MountRequest } from '../model/mount-request.ts'
import { type Difference, differences, type MountWish } from '../model/mount-wish.ts'
import type { Ports } from './ports.ts'

export interface MountRun extends MountOptions {
  readonly dryRun: boolean
}

export type MountResult =
  | { readonly kind: 'dry-run'; readonly lines: readonly string[] }
  | {
      readonly kind: 'mounted'
      readonly outcome: 'done' | 'unchanged' | 'partial'
      /** As the kernel shows it afterwards. */
      readonly mount: HugetlbfsMount
      /** In what it is not as asked for. */
      readonly different: readonly Difference[]
      readonly wish: MountWish
    }

const placeAt = (ports: Ports, target: string): Place => {
  const mount = readMountOn(ports.tree, target)
  return { missing: [], ...lookAt(ports.tree, target), ...(mount && { mount }) }
}

const plan = (ports: Ports, request: MountRequest, options: MountOptions): MountPlan => {
  const { tree } = ports
  const target = realTarget(tree, request.target)
  return planMount({ ...request, target }, options, {
    pools: readPools(tree, false),
    place: placeAt(ports, target),
    owner: {
      uid: request.user === undefined ? 0 : userId(tree, request.user),
      gid: request.group === undefined ? 0 : groupId(tree, request.group),
    },
  })
}

/** A directory that was made for a mount does not outlive its failure. */
const attach = (ports: Ports, { wish, directories }: Extract<MountPlan, { kind: 'mount' }>) => {
  const mount = detachedMount(ports.native(), wish)
  try {
    const removeDirectories = makeDirectories(directories)
    try {
      mount.attach()
    } catch (error) {
      removeDirectories()
      throw error
    }
  } finally {
    mount.close()
  }
}

const carryOut = (ports: Ports, todo: MountPlan): void => {
  if (todo.kind === 'mount') attach(ports, todo)
  if (todo.kind === 'remount') remount(ports.native(), todo.mount, todo.flags)
}

/** Mounts hugetlbfs, reads the mount back and compares it with what was asked for. */
export const mount = async (
  ports: Ports,
  request: MountRequest,
  { dryRun, ...options }: MountRun,
): Promise<MountResult> => {
  const todo = plan(ports, request, options)
  if (dryRun) return { kind: 'dry-run', lines: mountLines(todo) }
  if (todo.kind !== 'unchanged' && !isLive(ports.tree)) ports.native()
  carryOut(ports, todo)
  const { wish } = todo
  const found = readMountOn(ports.tree, wish.target)?.hugetlbfs
  if (found === undefined)
    throw new HugepoolError(
      'E_KERNEL',
      `${wish.target}: was mounted, but /proc/self/mountinfo does not show it there now`,
    )
  const different = differences(wish, found)
  const outcome =
    different.length > 0 ? 'partial' : todo.kind === 'unchanged' ? 'unchanged' : 'done'
  return { kind: 'mounted', outcome, mount: found, different, wish }
}
