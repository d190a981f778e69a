/** What decides whether SysV segments of huge pages can be had; what cannot be seen is absent. */
export interface SegmentRights {
  /** vm.hugetlb_shm_group */
  readonly group?: bigint
  readonly hasIpcLock?: boolean
  /** The soft limit; `unlimited` or bytes. */
  readonly memlock?: string
  /** Bytes of a segment, base pages of all of them, and how many there may be. */
  readonly shmmax?: bigint
  readonly shmall?: bigint
  readonly shmmni?: bigint
}
