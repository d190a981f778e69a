import type { HiddenBy } from '../../../model/mounts/hidden-by.ts'
import type { SegmentOrigin } from '../../../model/processes/who/found-pages.ts'
import { present } from '../../../model/words/present.ts'
import { hasProcess } from '../../process-list.ts'
import { lastUse, type SegmentLine } from './segment-lines.ts'

/** What is known of where a segment was found. */
export interface SegmentContext {
  /** The directory of the processes. */
  readonly proc: string
  /** Why it leaves out processes, where it does. */
  readonly hidden: HiddenBy | undefined
  /** The IPC namespace of the segment; absent for that of this process. */
  readonly elsewhere?: string
}

/**
 * The process that made a segment, whose number the kernel keeps when it ends, and whether it is gone.
 * Another process can have its number by then: so it may be gone where it seems to be there. A number
 * of 0 stands for a process outside the PID namespace of /proc (sysvipc_shm_proc_show in ipc/shm.c).
 */
const creatorOf = (pid: number, { proc, hidden }: SegmentContext) => {
  if (pid === 0) return {}
  if (hasProcess(proc, pid)) return { creator: pid, isCreatorGone: false }
  return { creator: pid, ...(hidden === 'users' ? {} : { isCreatorGone: true }) }
}

/** The bits of a mode that give rights; SHM_DEST and SHM_LOCKED are beside them. */
const rights = 0o777

/** What a line of /proc/sysvipc/shm tells of a segment beside its pages. */
export const segmentOrigin = (line: SegmentLine, context: SegmentContext): SegmentOrigin =>
  present({
    bytes: line('size'),
    gid: Number(line('gid')),
    // The kernel writes the mode in octal digits.
    mode: Number.parseInt(`${line('perms')}`, 8) & rights,
    ...creatorOf(Number(line('cpid')), context),
    touched: lastUse(line),
    elsewhere: context.elsewhere,
  })
