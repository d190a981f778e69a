import { HugepoolError } from '../../errors.ts'
import { readMountOn } from '../../kernel/mounts/hugetlbfs-mounts.ts'
import {
  type Device,
  deviceOf,
  mountsOf,
  readNamespaces,
} from '../../kernel/mounts/mount-device.ts'
import { filesIn } from '../../kernel/mounts/mount-files.ts'
import { readMountinfo, readMountinfoLines } from '../../kernel/mounts/mountinfo.ts'
import { readPageSizes, readPools } from '../../kernel/pools/pools.ts'
import { isLive, procOf, type Tree } from '../../kernel/tree.ts'
import type { HugetlbfsMount, MountLine } from '../../model/mounts/hugetlbfs-mount.ts'
import { type FatedMount, otherMounts } from '../../model/mounts/propagation.ts'
import type { FileCount, OtherMount } from '../../model/mounts/umount-change.ts'
import { type Holders, noHolders } from '../../model/mounts/umount-holder.ts'
import { mountToRemove } from '../../model/mounts/umount-target.ts'
import type { Pool } from '../../model/pools/machine.ts'
import type { PageSize } from '../../model/words/page-size.ts'

/** Finds those who hold a hugetlbfs with pages of a size, wherever it is mounted. */
export type FindHolders = (device: Device, size: PageSize) => Holders

/** A mount that can be removed. The device is known only where the tree is the running machine. */
export interface MountToRemove {
  readonly line: MountLine
  readonly mount: HugetlbfsMount
  readonly device: Device | undefined
  /** The directory of the processes. */
  readonly proc: string
  /** Looks for the processes that hold the file system; there are none for a recording. */
  readonly holders: () => Holders
}

/** Throws where there is no hugetlbfs that can be removed from the path. */
export const findMountToRemove = (
  tree: Tree,
  target: string,
  findHolders: FindHolders,
): MountToRemove => {
  const line = mountToRemove(readMountinfo(tree, target), target)
  const mount = readMountOn(tree, target)?.hugetlbfs
  if (mount === undefined)
    throw new HugepoolError(
      'E_KERNEL',
      'not-shown',
      `${target}: the kernel does not name its page size`,
    )
  const device = isLive(tree) ? deviceOf(line.device) : undefined
  const holders = () => (device === undefined ? noHolders : findHolders(device, mount.pageSize))
  return { line, mount, device, proc: procOf(tree), holders }
}

/** Finds the mounts of the file system that are left, in every namespace that can be seen. */
export const mountsLeftOf = ({ device, proc }: MountToRemove): readonly OtherMount[] =>
  device === undefined ? [] : mountsOf(proc, device)

/**
 * Reads the pools. The list is empty without /sys, because a file system can be unmounted without
 * it too.
 */
export const poolsOf = (tree: Tree): readonly Pool[] =>
  readPageSizes(tree).length === 0 ? [] : readPools(tree, true).pools

/** Returns the pool that the pages of the mount come from. */
export const poolFor = (pools: readonly Pool[], { mount }: MountToRemove): Pool | undefined =>
  pools.find(({ size }) => size === mount.pageSize)

/** Counts the files of the mount, along with deleted ones that are still held. */
export const filesFor = (
  { mount, device }: MountToRemove,
  { found }: Holders,
): FileCount | undefined =>
  device &&
  filesIn(
    mount.target,
    mount.pageSize,
    found.flatMap(({ file }) => file ?? []),
  )

/**
 * Finds the other mounts of the file system. Of a recorded machine only its one table
 * is known.
 */
export const otherMountsOf = (
  tree: Tree,
  { line, device, proc }: MountToRemove,
): readonly FatedMount[] =>
  otherMounts(
    device === undefined ? [{ lines: readMountinfoLines(tree).lines }] : readNamespaces(proc),
    line,
  )
