import { readdirSync } from 'node:fs'
import type { Bytes } from '../../model/words/bytes.ts'
import { present } from '../../model/words/present.ts'
import { errnoOf } from '../errno.ts'
import { hugetlbfsAt, isLimited } from './hugetlbfs-statfs.ts'

/** The bytes and inodes that a hugetlbfs still takes; absent where it has no such limit. */
export interface RoomOnMount {
  readonly free?: Bytes
  readonly inodes?: bigint
}

/**
 * Looks at the hugetlbfs that a directory lies on; the path is that on this machine. Returns
 * undefined where it cannot be looked at, or is on another file system.
 */
export const roomOnMount = (directory: string): RoomOnMount | undefined => {
  try {
    const found = hugetlbfsAt(directory)
    return (
      found &&
      present({
        free: isLimited(found) ? found.bfree * found.bsize : undefined,
        inodes: BigInt.asIntN(64, found.files) > 0n ? found.ffree : undefined,
      })
    )
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}

/**
 * Returns how many files may still be made on a mount that may have `most`, its root directory
 * included. The kernel tells it only where the mount has a limit on its size too (hugetlbfs_statfs
 * in fs/hugetlbfs/inode.c). Otherwise files with a name are counted; undefined where they cannot be
 * seen.
 */
export const inodesLeft = (target: string, most: bigint): bigint | undefined => {
  const told = roomOnMount(target)?.inodes
  if (told !== undefined) return told
  try {
    const there = readdirSync(target, { recursive: true }).length + 1
    return most > BigInt(there) ? most - BigInt(there) : 0n
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}
