import type { Bytes } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { bytesLeft, type CgroupLimit, type CgroupLimits, limitWords } from './cgroup-limit.ts'

interface LimitRoom {
  readonly limit: CgroupLimit
  readonly bytes: Bytes
}

/** What each limit leaves. Other memory can be reclaimed, so that its limit leaves all of itself. */
const leftByEach = ({ pages, reserved, memory }: CgroupLimits): readonly LimitRoom[] => [
  ...[...reserved, ...pages].map((limit) => ({ limit, bytes: bytesLeft(limit) })),
  ...memory.map((limit) => ({ limit, bytes: limit.max })),
]

/**
 * Says that a cgroup can have fewer pages than a pool has available, and names the tightest of its
 * limits; nothing where all can be had.
 */
export const tightLimitWords = (
  size: PageSize,
  available: Pages,
  limits: CgroupLimits,
): readonly string[] => {
  const [tightest] = leftByEach(limits).toSorted((a, b) => Number(a.bytes - b.bytes))
  if (tightest === undefined) return []
  const pages = tightest.bytes / size
  if (pages >= available) return []
  const here = `${limitWords(tightest.limit)}: ${plural(pages, 'more page')} can be had here`
  return [`${formatSize(size)}: ${here}, of ${available} available`]
}
