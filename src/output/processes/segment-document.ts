import { octalMode } from '../../model/etc/octal-mode.ts'
import type { HugeSegment } from '../../model/processes/files/huge-segment.ts'
import type { ReturnedToPools } from '../../model/processes/files/returned-words.ts'
import type { ChosenSegment, SegmentRemoval } from '../../model/processes/files/segment-choice.ts'
import { segmentKey } from '../../model/processes/who/process-holds.ts'
import type { CleanedDocument, SegmentDocument } from '../schemas/documents.ts'

export const segmentDocument = (segment: HugeSegment): SegmentDocument => ({
  id: segment.id,
  key: segmentKey(segment.ipcKey),
  ipcNamespace: segment.elsewhere,
  pageSize: segment.pageSize,
  size: segment.size,
  pages: segment.pages,
  state: segment.state,
  creator: segment.creator,
  uid: segment.uid,
  gid: segment.gid,
  mode: octalMode(segment.mode),
  touched: new Date(segment.touched).toISOString(),
  users: segment.users.map(({ pid }) => pid),
})

interface SegmentsOutcome {
  readonly chosen: readonly ChosenSegment[]
  readonly removals: readonly SegmentRemoval[]
  readonly returned: ReturnedToPools
}

/** Tells what --clean did: the segments that went, those that stay, and what came back. */
export const cleanedSegmentsDocument = ({
  chosen,
  removals,
  returned,
}: SegmentsOutcome): CleanedDocument<
  'removedSegments' | 'keptSegments' | 'notRemovedSegments'
> => ({
  removedSegments: removals.flatMap(({ segment, left }) =>
    left === undefined ? [segment.id] : [],
  ),
  keptSegments: chosen.flatMap(({ segment, kept }) =>
    kept === undefined ? [] : [{ id: segment.id, ipcNamespace: segment.elsewhere, reason: kept }],
  ),
  notRemovedSegments: removals.flatMap(({ segment, left }) =>
    left === undefined ? [] : [{ id: segment.id, reason: left }],
  ),
  returned: { ...returned },
})
