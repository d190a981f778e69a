import { unsupported, usage } from '../../../errors.ts'
import { readSegmentTimes } from '../../../kernel/processes/files/remove-segments.ts'
import { isLive } from '../../../kernel/tree.ts'
import { type HugeSegment, segmentsIn } from '../../../model/processes/files/huge-segment.ts'
import { usersByFile } from '../../../model/processes/files/users-of-file.ts'
import { type Unseen, unseenIn } from '../../../model/processes/who/unseen.ts'
import type { Ports } from '../../ports.ts'
import { accountForPages } from '../account-for-pages.ts'

export interface SegmentsRequest {
  /** The numbers of segments; empty for all that can be reached. */
  readonly ids: readonly number[]
}

export interface SegmentsResult {
  readonly segments: readonly HugeSegment[]
  readonly unseen: Unseen
}

const chosenBy = (
  ids: readonly number[],
  segments: readonly HugeSegment[],
): readonly HugeSegment[] => {
  const own = segments.filter(({ elsewhere }) => elsewhere === undefined)
  const missing = ids.find((id) => !own.some((segment) => segment.id === id))
  if (missing !== undefined)
    throw usage(
      `there is no segment ${missing} of huge pages in this IPC namespace`,
      undefined,
      'no-file',
    )
  return ids.length === 0 ? segments : own.filter(({ id }) => ids.includes(id))
}

/**
 * Lists the SysV segments of huge pages, and who has them. Where nothing else tells that its pages
 * are huge, a segment is attached for a moment, as `who` does. Throws E_USAGE for a number without
 * such a segment, and E_UNSUPPORTED for a recording.
 */
export const listSegments = (ports: Ports, { ids }: SegmentsRequest): SegmentsResult => {
  const { tree } = ports
  if (!isLive(tree))
    throw unsupported('recording', `${tree.root}: a recording has no segments to look at`)
  const times = readSegmentTimes(tree)
  const { found } = accountForPages(ports, { sizes: [], everything: true, attach: true })
  const segments = segmentsIn(found, usersByFile(found)).map((segment) =>
    segment.elsewhere === undefined
      ? { ...segment, touched: times.get(segment.id) ?? segment.touched }
      : segment,
  )
  return {
    segments: chosenBy(ids, segments),
    unseen: unseenIn(found),
  }
}
