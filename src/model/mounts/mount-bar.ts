import type { Bar } from '../bar.ts'
import type { Bytes } from '../words/bytes.ts'
import { atLeastNone } from '../words/count.ts'
import type { ShownMount } from './hugetlbfs-mount.ts'

const larger = (a: Bytes, b: Bytes): Bytes => (a > b ? a : b)

/**
 * Returns the bar of a mount: what is used, what is guaranteed beyond that, and what the limit
 * leaves. Without a limit the bar ends with the guarantee. A mount with neither has no bar, because
 * only the pool limits it. One that cannot be looked into has none, because its use is not known.
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
