import type { Bytes } from '../../../model/words/bytes.ts'
import { roundedPages } from '../../../model/words/count.ts'
import type { PageSize } from '../../../model/words/page-size.ts'

export const segmentsPath = '/proc/sysvipc/shm'

/**
 * A line of /proc/sysvipc/shm (sysvipc_shm_proc_show in ipc/shm.c) by the names of its columns. The
 * key is shown with a sign: those from 2^31 on are negative.
 */
export type SegmentLine = (column: string) => bigint

export const segmentLines = (text: string): readonly SegmentLine[] => {
  const [head = '', ...lines] = text.split('\n').map((line) => line.trim())
  const names = head.split(/ +/)
  return lines
    .filter((line) => /^-?\d/.test(line))
    .map((line) => {
      const values = line.split(/ +/)
      return (column) => BigInt(/^-?\d+$/.exec(values[names.indexOf(column)] ?? '')?.[0] ?? 0)
    })
}

/** Tells when a segment was last used, in milliseconds since 1970: the latest of its three times. */
export const lastUse = (line: SegmentLine): number =>
  Math.max(...['atime', 'dtime', 'ctime'].map((name) => Number(line(name)))) * 1000

const roundedTo = (bytes: Bytes, unit: Bytes): Bytes => roundedPages(bytes, unit, 'up') * unit

/**
 * Tells how many bytes of a segment are there, whose pages would have `size`; undefined where it cannot
 * have such pages. From 6.8 to 7.2 the kernel multiplies the column by the base pages of a huge page
 * once too often (shm_add_rss_swap in ipc/shm.c).
 */
export const residentBytes = (
  line: SegmentLine,
  size: PageSize,
  basePage: Bytes,
): Bytes | undefined => {
  const rss = line('rss')
  const most = roundedTo(line('size'), size)
  const found = rss > most ? rss / (size / basePage) : rss
  return found > 0n && found <= most && found % size === 0n ? found : undefined
}

/** No base page has more bytes. */
const largestBasePage = 2n ** 16n

/**
 * Tells whether the kernel shows more than a segment of small pages could have, which is its size
 * rounded up to base pages.
 */
export const showsTooMuch = (line: SegmentLine): boolean =>
  line('rss') > roundedTo(line('size'), largestBasePage)
