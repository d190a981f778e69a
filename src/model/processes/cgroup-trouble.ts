import type { Bytes } from '../words/bytes.ts'
import type { PageSize } from '../words/page-size.ts'

/** What of a cgroup can keep pages of a size from the processes in it, or has done so. */
export interface CgroupTrouble {
  /** The path of the cgroup in the hierarchy of the controller. */
  readonly group: string
  readonly size: PageSize
  /**
   * `too-small`: the limit is less than a page. `late`: faults are limited and reservations are not, so
   * that a mapping succeeds whose pages are not given. `refused`: the limit has refused pages.
   */
  readonly kind: 'too-small' | 'late' | 'refused'
  /** The name of the file that says so. */
  readonly file: string
  /** The limit, or how often it has refused. */
  readonly value: Bytes
}
