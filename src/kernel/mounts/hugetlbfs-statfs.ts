import { type BigIntStatsFs, statfsSync } from 'node:fs'

/** f_type of hugetlbfs, from the kernel's include/uapi/linux/magic.h. */
const hugetlbfsMagic = 0x958458f6n

/**
 * The answer of statfs(2) for the hugetlbfs that a path lies on; undefined on another file system.
 */
export const hugetlbfsAt = (path: string): BigIntStatsFs | undefined => {
  const found = statfsSync(path, { bigint: true })
  return found.type === hugetlbfsMagic ? found : undefined
}

/**
 * Whether the size of a hugetlbfs is limited. Without a limit its number of blocks is 0; with a
 * min_size alone it is the largest number, which Node gives as -1n (hugetlbfs_statfs in
 * fs/hugetlbfs/inode.c). A limit of less than a page has 0 blocks too, and only mountinfo shows it.
 */
export const isLimited = ({ blocks }: Pick<BigIntStatsFs, 'blocks'>): boolean =>
  BigInt.asIntN(64, blocks) > 0n
