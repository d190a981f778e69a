import { segmentKey, segmentName } from '../who/process-holds.ts'
import type { CleanRequest } from './clean-choice.ts'
import type { FileState } from './huge-file.ts'
import type { HugeSegment } from './huge-segment.ts'
import { matchesName } from './kept-word.ts'

/** Why a segment stays. */
export const keptSegmentReasons = {
  used: 'somebody has it attached',
  creator: 'the process that made it runs',
  unknown: 'it cannot be seen whether the process that made it runs',
  elsewhere: 'it is of another IPC namespace, and is removed only from there',
  young: 'it was used a short while ago',
  kept: '--keep names it',
} as const satisfies Readonly<Record<string, string>>
export type KeptSegmentReason = keyof typeof keptSegmentReasons

const reasonOfState: Readonly<Record<FileState, KeptSegmentReason | undefined>> = {
  mapped: 'used',
  open: 'creator',
  locked: 'used',
  unknown: 'unknown',
  left: undefined,
}

/** A word of --keep names a segment by its number, or by its key with or without leading zeros. */
export const isSegmentNamedBy = ({ id, ipcKey }: HugeSegment, word: string): boolean =>
  matchesName(`${id}`, word) ||
  matchesName(segmentKey(ipcKey), word.toLowerCase()) ||
  (/^0x[\da-f]+$/i.test(word) && Number(word) === ipcKey >>> 0)

/** Returns why a segment may not be removed; undefined where it may. `now` is in milliseconds. */
export const reasonToKeepSegment = (
  segment: HugeSegment,
  { older, keep }: CleanRequest,
  now: number,
): KeptSegmentReason | undefined => {
  const reasons: readonly (KeptSegmentReason | undefined)[] = [
    reasonOfState[segment.state],
    segment.elsewhere === undefined ? undefined : 'elsewhere',
    keep.some((word) => isSegmentNamedBy(segment, word)) ? 'kept' : undefined,
    older > 0 && now - segment.touched < older ? 'young' : undefined,
  ]
  return reasons.find((reason) => reason !== undefined)
}

/** A segment and, where it stays, the reason. */
export interface ChosenSegment {
  readonly segment: HugeSegment
  readonly kept?: KeptSegmentReason
}

/** Why a segment that was chosen was not removed. */
export const leftSegmentReasons = {
  changed: 'it is another segment by now, or has gone',
  used: 'somebody has it attached by now',
  late: 'somebody attached it at that moment: it is marked, and goes when they detach it',
  'no-permission': 'its owner or root can remove it (EPERM)',
  stopped: 'a signal came before',
} as const satisfies Readonly<Record<string, string>>
export type LeftSegmentReason = keyof typeof leftSegmentReasons

/** What became of a segment that was chosen to be removed. */
export interface SegmentRemoval {
  readonly segment: HugeSegment
  /** Absent where it was removed. */
  readonly left?: LeftSegmentReason
}

/** The name of a segment in a table and in sentences. */
export const segmentTitle = (segment: HugeSegment): string =>
  segment.elsewhere === undefined
    ? segmentName(segment)
    : `${segmentName(segment)} of ${segment.elsewhere}`
