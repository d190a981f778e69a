import { readIfReadable } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/**
 * Reads how often the buddy allocator could not give a huge page since the start of the machine
 * (htlb_buddy_alloc_fail of /proc/vmstat, mm/vmstat.c); undefined where that is not shown. Gigantic
 * pages do not count.
 */
export const readFailedGrowths = (tree: Tree): bigint | undefined => {
  const digits = /^htlb_buddy_alloc_fail (\d+)$/m.exec(readIfReadable(tree, '/proc/vmstat') ?? '')
  return digits?.[1] === undefined ? undefined : BigInt(digits[1])
}
