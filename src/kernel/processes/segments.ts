import type { SegmentHolding } from '../../model/processes/holdings.ts'
import type { Bytes } from '../../model/words/bytes.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { readBasePage } from '../pools/base-page.ts'
import { readIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

export const segmentsPath = '/proc/sysvipc/shm'

/** A line of /proc/sysvipc/shm (sysvipc_shm_proc_show in ipc/shm.c) by the names of its columns. */
export type SegmentLine = (column: string) => bigint

export const segmentLines = (text: string): readonly SegmentLine[] => {
  const [head = '', ...lines] = text.split('\n').map((line) => line.trim())
  const names = head.split(/ +/)
  return lines
    .filter((line) => /^-?\d/.test(line))
    .map((line) => {
      const values = line.split(/ +/)
      return (column) => BigInt(/^\d+$/.exec(values[names.indexOf(column)] ?? '')?.[0] ?? 0)
    })
}

/** When a segment was last used, in milliseconds since 1970: the latest of its three times. */
export const lastUse = (line: SegmentLine): number =>
  Math.max(...['atime', 'dtime', 'ctime'].map((name) => Number(line(name)))) * 1000

const roundedUp = (bytes: Bytes, unit: Bytes): Bytes => ((bytes + unit - 1n) / unit) * unit

/** No base page is larger. A segment of base pages never has more than its size rounded up to it. */
const largestBasePage = 2n ** 16n

/**
 * The bytes that a segment with pages of `size` has; undefined where it cannot have such pages. From
 * 6.8 to 7.2 the kernel multiplies the column by the base pages of a huge page once too often
 * (shm_add_rss_swap in ipc/shm.c).
 */
export const residentBytes = (
  line: SegmentLine,
  size: PageSize,
  basePage: Bytes,
): Bytes | undefined => {
  const rss = line('rss')
  const most = roundedUp(line('size'), size)
  const found = rss > most ? rss / (size / basePage) : rss
  return found > 0n && found <= most && found % size === 0n ? found : undefined
}

/**
 * The SysV segments of this IPC namespace that have pages of a size, or that may have them. One file
 * is read, which every user may. `seen` are the ids of segments that a process was seen to have
 * attached with pages of the size, and `sizes` those that this machine has.
 */
export const readSegments = (
  tree: Tree,
  size: PageSize,
  seen: ReadonlySet<number>,
  sizes: readonly PageSize[],
): readonly SegmentHolding[] => {
  const lines = segmentLines(readIfPresent(tree, segmentsPath) ?? '')
  const basePage = lines.length === 0 ? 0n : readBasePage(tree, sizes)
  return lines.flatMap((line) => {
    const bytes = residentBytes(line, size, basePage)
    if (bytes === undefined) return []
    const id = Number(line('shmid'))
    return {
      id,
      uid: Number(line('uid')),
      attached: Number(line('nattch')),
      pages: bytes / size,
      isCertain: seen.has(id) || line('rss') > roundedUp(line('size'), largestBasePage),
    }
  })
}
