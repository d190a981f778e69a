import { HugepoolError } from '../../errors.ts'
import { groupId, userId } from '../../kernel/etc/passwd-and-group.ts'
import { readMountOn } from '../../kernel/mounts/hugetlbfs-mounts.ts'
import { lookAt, realTarget } from '../../kernel/mounts/mount-point.ts'
import { readPools } from '../../kernel/pools/pools.ts'
import { isLive } from '../../kernel/tree.ts'
import { type Difference, differences, type MountWish } from '../../model/mounts/desired-mount.ts'
import type { HugetlbfsMount } from '../../model/mounts/hugetlbfs-mount.ts'
import {
  type MountOptions,
  type MountPlan,
  mountLines,
  type Place,
  planMount,
} from '../../model/mounts/mount-plan.ts'
import type { MountRequest } from '../../model/mounts/mount-request.ts'
import type { PersistKind } from '../../model/mounts/persist/persist-facts.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { makeMount, type Undo } from './carry-out-mount.ts'
import { checkPersist, type Persisted, persistMount } from './persist-mount.ts'

export interface MountRun extends MountOptions {
  readonly dryRun: boolean
  /** Who is to mount it at every start. */
  readonly persist?: PersistKind
}

export type MountResult =
  | { readonly kind: 'dry-run'; readonly lines: readonly string[]; readonly persisted?: Persisted }
  | {
      readonly kind: 'mounted'
      readonly outcome: 'done' | 'unchanged' | 'partial'
      /** As the kernel shows it afterwards. */
      readonly mount: HugetlbfsMount
      /** In what it is not as asked for. */
      readonly different: readonly Difference[]
      readonly wish: MountWish
      readonly persisted?: Persisted
    }

const placeAt = (ports: Ports, target: string): Place => {
  const mount = readMountOn(ports.tree, target)
  return present({ missing: [], ...lookAt(ports.tree, target), mount })
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

const readBack = (ports: Ports, { target }: MountWish): HugetlbfsMount => {
  const found = readMountOn(ports.tree, target)?.hugetlbfs
  if (found !== undefined) return found
  throw new HugepoolError(
    'E_KERNEL',
    `${target}: was mounted, but /proc/self/mountinfo does not show it there now`,
  )
}

/** What was checked before and fails nevertheless takes the mount along. */
const persistOr = async (
  ports: Ports,
  wish: MountWish,
  kind: PersistKind,
  undo: Undo,
): Promise<Persisted> => {
  try {
    return await persistMount(ports, wish, kind, { dryRun: false, wait: true, locked: true })
  } catch (error) {
    if (!undo()) ports.note(`${wish.target} stays mounted: somebody uses it already`)
    throw error
  }
}

const outcomeOf = (
  todo: MountPlan,
  different: readonly Difference[],
  persisted: Persisted | undefined,
) => {
  if (different.length > 0) return 'partial'
  return todo.kind === 'unchanged' && persisted?.outcome !== 'done' ? 'unchanged' : 'done'
}

const dryRunOf = async (
  ports: Ports,
  todo: MountPlan,
  kind: PersistKind | undefined,
): Promise<MountResult> => {
  const persisted =
    kind && (await persistMount(ports, todo.wish, kind, { dryRun: true, wait: true }))
  const lines = [...mountLines(todo), ...(persisted?.lines ?? [])]
  return present({ kind: 'dry-run', lines, persisted })
}

const carryOut = async (
  ports: Ports,
  todo: MountPlan,
  persist: PersistKind | undefined,
): Promise<MountResult> => {
  const { wish } = todo
  if ((todo.kind !== 'unchanged' || persist !== undefined) && !isLive(ports.tree)) ports.native()
  const undo = makeMount(ports, todo)
  const found = readBack(ports, wish)
  const different = differences(wish, found)
  const persisted = persist && (await persistOr(ports, wish, persist, undo))
  return present({
    kind: 'mounted',
    outcome: outcomeOf(todo, different, persisted),
    mount: found,
    different,
    wish,
    persisted,
  })
}

/**
 * Mounts hugetlbfs, reads the mount back and compares it with what was asked for. With `persist`
 * it is mounted at every start too; where that cannot be, nothing is done at all. All of it is under
 * the lock: two calls at once would both find the directory empty, and stack their mounts.
 */
export const mount = async (
  ports: Ports,
  request: MountRequest,
  { dryRun, persist, ...options }: MountRun,
): Promise<MountResult> => {
  const act = async () => {
    const todo = plan(ports, request, options)
    if (persist !== undefined) checkPersist(ports, todo.wish, persist, dryRun)
    return dryRun ? dryRunOf(ports, todo, persist) : carryOut(ports, todo, persist)
  }
  return dryRun ? act() : withLock(ports, true, act)
}
