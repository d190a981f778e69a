import type { Bar } from '../bar.ts'
import type { Bytes } from '../words/bytes.ts'
import { atLeastNone } from '../words/count.ts'
import type { ShownMount } from './hugetlbfs-mount.ts'

const larger = (a: Bytes, b: Bytes): Bytes => (a > b ? a : b)

/**
 * The bar of a mount: used, what is guaranteed beyond that, and what its limit leaves. Without a limit
 * it ends with the guarantee. A mount with neither has no bar, for only the pool limits it, and
 * one that cannot be looked into has none because it is not known what is used.
 */
export const mountBar = ({ size, minSize, used }: ShownMount): Bar | undefined => {
  const limit = size ?? minSize
  if (limit === undefined || used === undefined) return undefined
  const promised = larger(used, minSize ?? 0n)
  return [
    { part: 'used', amount: used },
    { part: 'guaranteed', amount: promised - used },
    { part: 'room', amount: atLeastNone(limit - promised) },
  ]
}
