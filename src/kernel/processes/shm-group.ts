import { readNumberIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/**
 * Reads the group whose members may make SysV segments of huge pages, which is 0 where nobody set it.
 * Undefined where the kernel does not show it.
 */
export const readShmGroup = (tree: Tree): bigint | undefined =>
  readNumberIfPresent(tree, '/proc/sys/vm/hugetlb_shm_group')
