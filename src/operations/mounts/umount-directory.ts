import { HugepoolError, objectionOf, throwAll } from '../../errors.ts'
import { detach, unmountPath } from '../../kernel/mounts/detach-mount.ts'
import { readMountinfo } from '../../kernel/mounts/mountinfo.ts'
import type { Tree } from '../../kernel/tree.ts'
import { mountOn } from '../../model/mounts/mount-hidden.ts'
import { returnedPages, type UmountChange } from '../../model/mounts/umount-change.ts'
import type { UmountForecast } from '../../model/mounts/umount-forecast.ts'
import { noHolders } from '../../model/mounts/umount-holder.ts'
import { umountLine } from '../../model/mounts/umount-target.ts'
import type { Pool } from '../../model/pools/machine.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { busyNow, refuseBusy } from './busy-mount.ts'
import type { KeptMounts } from './kept-mounts.ts'
import {
  type FindHolders,
  filesFor,
  findMountToRemove,
  type MountToRemove,
  mountsLeftOf,
  otherMountsOf,
  poolFor,
  poolsOf,
} from './mount-to-remove.ts'
import type { PersistResult } from './persist-result.ts'
import { checkUnpersist, isPersisted, unpersistMount } from './unpersist-mount.ts'

export interface UmountRequest {
  /** The path as it was typed. */
  readonly directory: string
  readonly lazy: boolean
}

export interface UmountOptions {
  readonly dryRun: boolean
  /** Whether the entry that mounts the directory at the next start is removed too. */
  readonly unpersist: boolean
  /** What the configuration says, from which `unpersist` removes too. */
  readonly kept?: KeptMounts
}

/** What one call is about. */
interface UmountCall extends UmountRequest, UmountOptions {
  readonly findHolders: FindHolders
}

type RemovedMount =
  | {
      readonly kind: 'dry-run'
      readonly lines: readonly string[]
      /** Absent where nothing is mounted there. */
      readonly forecast?: UmountForecast
      /** The error that a real run would end with for want of a right. */
      readonly denied?: HugepoolError
    }
  | {
      readonly kind: 'unmounted'
      readonly unmounted: UmountChange
      readonly pools: readonly Pool[]
    }
  /** Nothing was mounted there. */
  | { readonly kind: 'unpersisted'; readonly pools: readonly Pool[] }

export type UmountResult = RemovedMount & {
  readonly target: string
  /** The removed entries that hugepool wrote for later starts. Absent without `unpersist`. */
  readonly dropped?: readonly PersistResult[]
  /** The error that occurred after the mount had been removed. */
  readonly failure?: HugepoolError
}

/** Throws where holders make umount(2) fail. Else tells what would be lost and what would stay. */
const umountDryRun = (
  { tree }: Ports,
  subject: MountToRemove,
  { lazy }: UmountRequest,
): RemovedMount => {
  const { mount } = subject
  const holders = subject.holders()
  const elsewhere = otherMountsOf(tree, subject)
  if (!lazy) refuseBusy(subject, holders, elsewhere)
  const forecast = present({
    mount,
    lazy,
    recorded: subject.device === undefined,
    files: filesFor(subject, holders),
    holders,
    elsewhere,
    pool: poolFor(poolsOf(tree), subject),
  })
  return { kind: 'dry-run', lines: [umountLine(mount.target, lazy)], forecast }
}

/** Returns the type of the mount that was below. Throws where the same mount is still there. */
const uncovered = (tree: Tree, { line }: MountToRemove): { readonly uncovered?: string } => {
  const now = mountOn(line.target, readMountinfo(tree, line.target))
  if (now === undefined) return {}
  if (now.id !== line.id) return { uncovered: now.type }
  throw new HugepoolError(
    'E_KERNEL',
    'changed',
    `${line.target}: the kernel says done, yet it is mounted`,
    'what somebody mounted over it just then may have been removed in its place: see findmnt(8)',
  )
}

const umountNow = (ports: Ports, subject: MountToRemove, { lazy }: UmountRequest): RemovedMount => {
  const { tree } = ports
  const { mount } = subject
  const native = ports.native()
  const keepers = lazy ? subject.holders() : noHolders
  const files = filesFor(subject, keepers)
  const before = poolFor(poolsOf(tree), subject)
  if (!detach(native, mount.target, lazy)) throw busyNow(subject)
  const pools = poolsOf(tree)
  const after = poolFor(pools, subject)
  const unmounted = present({
    mount,
    lazy,
    files,
    keepers,
    elsewhere: mountsLeftOf(subject),
    ...uncovered(tree, subject),
    returned: before && after && returnedPages(before, after),
  })
  return { kind: 'unmounted', unmounted, pools }
}

/** With `unpersist`, the directory may have an entry for later starts but no mount now. */
const removeMount = (ports: Ports, target: string, request: UmountCall): RemovedMount => {
  const { tree } = ports
  const written = request.unpersist && isPersisted(ports, target, request.kept)
  if (written && !readMountinfo(tree, target).some((line) => line.target === target))
    return request.dryRun
      ? { kind: 'dry-run', lines: [] }
      : { kind: 'unpersisted', pools: poolsOf(tree) }
  const subject = findMountToRemove(tree, target, request.findHolders)
  return request.dryRun ? umountDryRun(ports, subject, request) : umountNow(ports, subject, request)
}

/**
 * Throws what keeps `unpersist` from its work, along with what keeps the mount from being removed,
 * so that both can be mended at once. Where nothing is mounted, only the first can be in the way.
 */
const checkAll = (
  ports: Ports,
  target: string,
  { dryRun, lazy, findHolders, kept }: UmountCall,
): void => {
  const objections = objectionOf(() => checkUnpersist(ports, target, dryRun, kept))
  if (objections.length === 0) return
  const { tree } = ports
  const isMounted = readMountinfo(tree, target).some((line) => line.target === target)
  const checkMount = () => {
    const subject = findMountToRemove(tree, target, findHolders)
    if (!lazy) refuseBusy(subject, subject.holders(), otherMountsOf(tree, subject))
  }
  throwAll([...objections, ...(isMounted ? objectionOf(checkMount) : [])])
}

/** Returns errors as part of the result, because the mount has been removed by now. */
const dropPersisted = async (ports: Ports, target: string, { dryRun, kept }: UmountOptions) => {
  try {
    const options = present({ dryRun, wait: true, locked: true, kept })
    return { dropped: await unpersistMount(ports, target, options) }
  } catch (error) {
    if (error instanceof HugepoolError) return { failure: error }
    throw error
  }
}

/** Unmounts as `umountDirectory` does, for callers that have the lock. */
export const umountUnderLock = async (
  ports: Ports,
  request: UmountRequest,
  run: UmountOptions,
  findHolders: FindHolders,
): Promise<UmountResult> => {
  const call = { ...request, ...run, findHolders }
  const target = unmountPath(ports.tree, request.directory)
  if (run.unpersist) checkAll(ports, target, call)
  const removed = removeMount(ports, target, call)
  const persisted = run.unpersist ? await dropPersisted(ports, target, run) : undefined
  return { ...removed, target, ...persisted }
}

/**
 * Removes a hugetlbfs mount and counts the pages that came back to its pool. With `unpersist` it
 * also removes what `mount` wrote for later starts. Throws E_KERNEL, which names the holders, where
 * the mount is busy, and E_UNSUPPORTED or E_REFUSED where there is no such mount.
 */
export const umountDirectory = async (
  ...call: Parameters<typeof umountUnderLock>
): Promise<UmountResult> => {
  const [ports, , run] = call
  const act = () => umountUnderLock(...call)
  return run.dryRun ? act() : withLock(ports, true, act)
}
