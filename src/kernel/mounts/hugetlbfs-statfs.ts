import { type BigIntStatsFs, statfsSync } from 'node:fs'
import { explain } from '../errno.ts'
import { missingProc } from '../missing-proc.ts'

/** f_type of hugetlbfs, from the kernel's include/uapi/linux/magic.h. */
const hugetlbfsMagic = 0x958458f6n

/**
 * Calls statfs(2) for the hugetlbfs that a path lies on. Returns undefined on another file system.
 */
export const hugetlbfsAt = (path: string): BigIntStatsFs | undefined => {
  const found = statfsSync(path, { bigint: true })
  return found.type === hugetlbfsMagic ? found : undefined
}

/**
 * Calls statfs(2) for the hugetlbfs that an open file lies on. Returns undefined on another file
 * system. Throws E_UNSUPPORTED without /proc, because the path of the file is there.
 */
export const hugetlbfsBehind = (descriptor: number): BigIntStatsFs | undefined => {
  const path = `/proc/self/fd/${descriptor}`
  try {
    return hugetlbfsAt(path)
  } catch (error) {
    throw explain(error, path, missingProc)
  }
}

/**
 * Whether the size of a hugetlbfs is limited. Without a limit its number of blocks is 0; with a
 * min_size alone it is the largest number, which Node gives as -1n (hugetlbfs_statfs in
 * fs/hugetlbfs/inode.c). A limit of less than a page has 0 blocks too, and only mountinfo shows it.
 */
export const isLimited = ({ blocks }: Pick<BigIntStatsFs, 'blocks'>): boolean =>
  BigInt.asIntN(64, blocks) > 0n
