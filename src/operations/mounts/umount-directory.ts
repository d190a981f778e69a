import { HugepoolError } from '../../errors.ts'
import { detach, unmountPath } from '../../kernel/mounts/detach-mount.ts'
import { findHolders } from '../../kernel/mounts/holders.ts'
import { readMountOn } from '../../kernel/mounts/hugetlbfs-mounts.ts'
import { type Device, deviceOf, mountsOf } from '../../kernel/mounts/mount-device.ts'
import { filesIn } from '../../kernel/mounts/mount-files.ts'
import { readMountinfo } from '../../kernel/mounts/mountinfo.ts'
import { readPageSizes, readPools } from '../../kernel/pools/pools.ts'
import { isLive, type Tree } from '../../kernel/tree.ts'
import type { HugetlbfsMount, MountLine } from '../../model/mounts/hugetlbfs-mount.ts'
import { mountOn } from '../../model/mounts/mount-hidden.ts'
import {
  type OtherMount,
  returnedPages,
  type UmountChange,
} from '../../model/mounts/umount-change.ts'
import {
  busyError,
  busySentence,
  type Holders,
  holderLines,
  holdersBy,
  holdersOfMount,
  noHolders,
} from '../../model/mounts/umount-holder.ts'
import { mountToRemove, umountLine } from '../../model/mounts/umount-target.ts'
import type { Pool } from '../../model/pools/machine.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { checkUnpersist, isPersisted, type PersistResult, unpersistMount } from './persist-mount.ts'

export interface UmountRequest {
  /** The path as it was typed. */
  readonly directory: string
  readonly lazy: boolean
}

export interface UmountOptions {
  readonly dryRun: boolean
  /** Also remove the entry that mounts the directory at the next start. */
  readonly unpersist: boolean
}

type RemovedMount =
  | {
      readonly kind: 'dry-run'
      readonly lines: readonly string[]
      readonly words: readonly string[]
      readonly hints: readonly string[]
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

/** A mount that can be removed. The device is known only where the tree is the running machine. */
interface MountToRemove {
  readonly line: MountLine
  readonly mount: HugetlbfsMount
  readonly device: Device | undefined
}

const proc = '/proc'

const findMount = (tree: Tree, target: string): MountToRemove => {
  const line = mountToRemove(readMountinfo(tree), target)
  const mount = readMountOn(tree, target)?.hugetlbfs
  if (mount === undefined)
    throw new HugepoolError('E_KERNEL', `${target}: the kernel does not name its page size`)
  return { line, mount, device: isLive(tree) ? deviceOf(line.device) : undefined }
}

const elsewhere = ({ device }: MountToRemove): readonly OtherMount[] =>
  device === undefined ? [] : mountsOf(proc, device)

const holdersOf = (subject: MountToRemove): Holders => {
  if (subject.device === undefined) return noHolders
  const targets = new Set(elsewhere(subject).map(({ target }) => target))
  return findHolders(proc, { device: subject.device, targets: [...targets] })
}

/** The list is empty without /sys, because a file system can be unmounted without it too. */
const poolsOf = (tree: Tree): readonly Pool[] =>
  readPageSizes(tree).length === 0 ? [] : readPools(tree, false)

const busyNow = (subject: MountToRemove): HugepoolError => {
  const { line, mount } = subject
  return busyError(mount.target, holdersOfMount(holdersOf(subject), line.id), mount.pageSize)
}

/** Throws where holders make umount(2) fail. Else names those who keep the file system alive. */
const umountDryRun = (subject: MountToRemove, { lazy }: UmountRequest): RemovedMount => {
  const { line, mount } = subject
  const all = holdersOf(subject)
  const certain = holdersBy(all, line.id)
  if (!lazy && certain.found.length > 0) throw busyError(mount.target, certain, mount.pageSize)
  const busy = all.found.length > 0
  return {
    kind: 'dry-run',
    lines: [umountLine(mount.target, lazy)],
    words: busy ? [busySentence(mount.target, all)] : [],
    hints: busy ? holderLines(all) : [],
  }
}

/** Returns the type of the mount that was below. Throws where the same mount is still there. */
const uncovered = (tree: Tree, { line }: MountToRemove): { readonly uncovered?: string } => {
  const now = mountOn(line.target, readMountinfo(tree))
  if (now === undefined) return {}
  if (now.id !== line.id) return { uncovered: now.type }
  throw new HugepoolError(
    'E_KERNEL',
    `${line.target}: the kernel says done, yet it is mounted`,
    'what somebody mounted over it just then may have been removed in its place: see findmnt(8)',
  )
}

const umountNow = (ports: Ports, subject: MountToRemove, { lazy }: UmountRequest): RemovedMount => {
  const { tree } = ports
  const { mount } = subject
  const native = ports.native()
  const keepers = lazy ? holdersOf(subject) : noHolders
  const held = keepers.found.flatMap(({ file }) => file ?? [])
  const files = subject.device && filesIn(mount.target, mount.pageSize, held)
  const poolOf = (pools: readonly Pool[]) => pools.find(({ size }) => size === mount.pageSize)
  const before = poolOf(poolsOf(tree))
  if (!detach(native, mount.target, lazy)) throw busyNow(subject)
  const pools = poolsOf(tree)
  const after = poolOf(pools)
  const unmounted = present({
    mount,
    lazy,
    files,
    keepers,
    elsewhere: elsewhere(subject),
    ...uncovered(tree, subject),
    returned: before && after && returnedPages(before, after),
  })
  return { kind: 'unmounted', unmounted, pools }
}

/** With `unpersist`, the directory may have an entry in fstab or systemd but no mount now. */
const removeMount = (
  ports: Ports,
  target: string,
  request: UmountRequest & UmountOptions,
): RemovedMount => {
  const { tree } = ports
  const written = request.unpersist && isPersisted(ports, target)
  if (written && !readMountinfo(tree).some((line) => line.target === target))
    return request.dryRun
      ? { kind: 'dry-run', lines: [], words: [], hints: [] }
      : { kind: 'unpersisted', pools: poolsOf(tree) }
  const subject = findMount(tree, target)
  return request.dryRun ? umountDryRun(subject, request) : umountNow(ports, subject, request)
}

/** Returns errors as part of the result, because the mount has been removed by now. */
const dropPersisted = async (ports: Ports, target: string, { dryRun }: UmountOptions) => {
  try {
    return { dropped: await unpersistMount(ports, target, { dryRun, wait: true, locked: true }) }
  } catch (error) {
    if (error instanceof HugepoolError) return { failure: error }
    throw error
  }
}

/**
 * Removes a hugetlbfs mount and counts the pages that came back to its pool. With `unpersist` it
 * also removes what `mount` wrote for later starts. Throws E_KERNEL, which names the holders, where
 * the mount is busy, and E_UNSUPPORTED or E_REFUSED where there is no such mount.
 */
export const umountDirectory = async (
  ports: Ports,
  request: UmountRequest,
  run: UmountOptions,
): Promise<UmountResult> => {
  const act = async (): Promise<UmountResult> => {
    const target = unmountPath(ports.tree, request.directory)
    if (run.unpersist) checkUnpersist(ports, target, run.dryRun)
    const removed = removeMount(ports, target, { ...request, ...run })
    const persisted = run.unpersist ? await dropPersisted(ports, target, run) : undefined
    return { ...removed, target, ...persisted }
  }
  return run.dryRun ? act() : withLock(ports, true, act)
}
