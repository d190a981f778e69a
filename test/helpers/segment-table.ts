import { lines } from './on-fake.ts'
import { M } from './sizes.ts'

/** A segment of 2M pages as /proc/sysvipc/shm has it; its times are in seconds since 1970. */
export interface TableSegment {
  readonly id: number
  readonly key?: number
  readonly creator?: number
  readonly attached?: number
  readonly pages?: bigint
  readonly uid?: number
  readonly touched?: number
  /** Whether the kernel shows its pages 512 times, as from 6.8 to 7.2: then nobody has to attach it. */
  readonly isPlain?: boolean
}

const head =
  '       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime                   rss                  swap'

/** The text of /proc/sysvipc/shm (sysvipc_shm_proc_show in ipc/shm.c). */
export const segmentTable = (segments: readonly TableSegment[]): string =>
  lines(
    head,
    ...segments.map((segment) => {
      const { id, key = 0, creator = 77, attached = 0, pages = 2n, uid = 26 } = segment
      const { touched = 1_700_000_000, isPlain = true } = segment
      const rss = pages * 2n * M * (isPlain ? 512n : 1n)
      return [
        ...[key, id, 600, pages * 2n * M, creator, 78, attached, uid, 27, uid, 27],
        ...[touched - 9, touched, touched - 20, rss, 0],
      ].join(' ')
    }),
  )
