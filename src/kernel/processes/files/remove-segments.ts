import type { HugeSegment } from '../../../model/processes/files/huge-segment.ts'
import type {
  LeftSegmentReason,
  SegmentRemoval,
} from '../../../model/processes/files/segment-choice.ts'
import { errnoOf, isShortage } from '../../errno.ts'
import type { Native } from '../../native/native.ts'
import { hasProcess } from '../../process-list.ts'
import { readIfReadable } from '../../read-attribute.ts'
import { procOf, type Tree } from '../../tree.ts'
import { lastUse, type SegmentLine, segmentLines, segmentsPath } from '../scan/segment-lines.ts'

/**
 * Reads when the segments of this IPC namespace were last used, by their numbers. That is read before a
 * segment is attached to see what it is, which sets its times.
 */
export const readSegmentTimes = (tree: Tree): ReadonlyMap<number, number> =>
  new Map(
    segmentLines(readIfReadable(tree, segmentsPath) ?? '').map((line) => [
      Number(line('shmid')),
      lastUse(line),
    ]),
  )

/** What removing segments needs of its caller. */
export interface SegmentCalls {
  readonly native: Native
  readonly tree: Tree
  /** Whether a signal asks to stop. */
  readonly isStopped: () => boolean
  /** Notes what was done to a segment, in words. */
  readonly did: (subject: string, words: string) => void
}

const segmentNow = (tree: Tree, id: number): SegmentLine | undefined =>
  segmentLines(readIfReadable(tree, segmentsPath) ?? '').find(
    (line) => Number(line('shmid')) === id,
  )

/**
 * A segment is the one that was seen where all of this agrees: numbers of segments that are gone are
 * used again.
 */
const isSame = (line: SegmentLine, { ipcKey, size, uid, creator = 0 }: HugeSegment): boolean =>
  Number(line('key')) === ipcKey &&
  line('size') === size &&
  Number(line('uid')) === uid &&
  Number(line('cpid')) === creator

/**
 * Tells by a look just before the removal why a segment has to stay; undefined where still nobody has
 * it.
 */
const reasonNow = (tree: Tree, segment: HugeSegment): LeftSegmentReason | undefined => {
  const line = segmentNow(tree, segment.id)
  if (line === undefined || !isSame(line, segment)) return 'changed'
  if (line('nattch') > 0n) return 'used'
  return segment.creator !== undefined && hasProcess(procOf(tree), segment.creator)
    ? 'used'
    : undefined
}

const reasonFor: Readonly<Record<string, LeftSegmentReason>> = {
  EPERM: 'no-permission',
  EACCES: 'no-permission',
  EINVAL: 'changed',
  EIDRM: 'changed',
}

const removeOne = (
  { native, tree, did }: SegmentCalls,
  id: number,
): LeftSegmentReason | undefined => {
  try {
    native.removeSegment(id)
    did(`segment ${id}`, `segment ${id} removed`)
  } catch (error) {
    const errno = errnoOf(error)
    const reason = reasonFor[errno ?? '']
    if (reason === undefined || isShortage(error)) throw error
    return reason
  }
  // Who attached it between the look and the call keeps it until they detach it.
  return segmentNow(tree, id) === undefined ? undefined : 'late'
}

/**
 * Removes segments of this IPC namespace that nobody has attached, one after the other. Each is looked
 * at again just before: the kernel has no call that removes a segment only where nobody has it.
 */
export const removeSegments = (
  calls: SegmentCalls,
  segments: readonly HugeSegment[],
): readonly SegmentRemoval[] =>
  segments.map((segment): SegmentRemoval => {
    const left = calls.isStopped()
      ? 'stopped'
      : (reasonNow(calls.tree, segment) ?? removeOne(calls, segment.id))
    return left === undefined ? { segment } : { segment, left }
  })
