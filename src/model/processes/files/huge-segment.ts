import type { Bytes } from '../../words/bytes.ts'
import type { Pages } from '../../words/count.ts'
import type { PageSize } from '../../words/page-size.ts'
import { present } from '../../words/present.ts'
import type { FoundPages, FoundSegment, SegmentOrigin } from '../who/found-pages.ts'
import type { FileState, FileUser } from './huge-file.ts'
import type { UsersByFile } from './users-of-file.ts'

/** A SysV segment of huge pages, at the moment when it was looked at. */
export interface HugeSegment {
  readonly id: number
  /** The key that was given to shmget(2); 0 for a private segment. */
  readonly ipcKey: number
  readonly pageSize: PageSize
  readonly size: Bytes
  readonly pages: Pages
  readonly uid: number
  readonly gid: number
  readonly mode: number
  /** The latest of its three times, in milliseconds since 1970. */
  readonly touched: number
  /** The process that made it; absent where it is of another PID namespace. */
  readonly creator?: number
  /** Those that were seen to have it attached. */
  readonly users: readonly FileUser[]
  readonly state: FileState
  /** The IPC namespace that has it, where that is not the one of this process. */
  readonly elsewhere?: string
}

/**
 * Decides who has a segment. The kernel counts who has it attached, whoever can be seen. The process
 * that made it knows its number, and can attach it again.
 */
const stateOfSegment = (
  { attached }: FoundSegment,
  { isCreatorGone }: SegmentOrigin,
): FileState => {
  if (attached > 0) return 'mapped'
  if (isCreatorGone === undefined) return 'unknown'
  return isCreatorGone ? 'left' : 'open'
}

/** The segments that a scan found, by their numbers; those of this IPC namespace come first. */
export const segmentsIn = (
  { segments, origins }: FoundPages,
  users: UsersByFile,
): readonly HugeSegment[] =>
  segments
    .flatMap((segment): readonly HugeSegment[] => {
      const { key, id, ipcKey, size: pageSize, pages, uid } = segment
      const origin = origins?.get(key)
      if (origin === undefined) return []
      const { bytes: size, gid, mode, creator, touched, elsewhere } = origin
      const state = stateOfSegment(segment, origin)
      return [
        present({
          ...{ id, ipcKey, pageSize, size, pages, uid, gid, mode, touched, creator, elsewhere },
          users: users.get(key) ?? [],
          state,
        }),
      ]
    })
    .toSorted((a, b) => (a.elsewhere ?? '').localeCompare(b.elsewhere ?? '') || Number(a.id - b.id))
