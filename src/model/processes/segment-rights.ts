import type { ResourceLimit } from './process-limits.ts'

/** The settings of a machine about SysV segments of huge pages. What cannot be read is absent. */
export interface SegmentSettings {
  /** The group in vm.hugetlb_shm_group. */
  readonly group?: bigint
  /**
   * The limits kernel.shmmax (bytes of one segment), kernel.shmall (base pages of all segments) and
   * kernel.shmmni (number of segments).
   */
  readonly shmmax?: bigint
  readonly shmall?: bigint
  readonly shmmni?: bigint
}

/** What decides whether a process can make such a segment. */
export interface SegmentRights extends SegmentSettings {
  readonly hasIpcLock?: boolean
  /** The soft limit of locked memory. */
  readonly memlock?: ResourceLimit
}
