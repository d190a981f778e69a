/** The SysV segments of an IPC namespace, as shmmni and shmall count them (newseg in ipc/shm.c). */
export interface SegmentsThere {
  readonly segments: bigint
  /** The base pages of all of them. */
  readonly basePages: bigint
}
