/**
 * The settings that decide whether a SysV segment of huge pages can be made. A setting that cannot
 * be read is absent.
 */
export interface SegmentRights {
  /** The group in vm.hugetlb_shm_group. */
  readonly group?: bigint
  readonly hasIpcLock?: boolean
  /** The soft limit of locked memory: `unlimited` or a number of bytes. */
  readonly memlock?: string
  /**
   * The limits kernel.shmmax (bytes of one segment), kernel.shmall (base pages of all segments) and
   * kernel.shmmni (number of segments).
   */
  readonly shmmax?: bigint
  readonly shmall?: bigint
  readonly shmmni?: bigint
}
