import { formatSize } from '../../words/page-size.ts'
import { plural } from '../../words/plural.ts'
import type { FoundPages } from '../who/found-pages.ts'
import type { PageHold } from '../who/page-hold.ts'
import { wordsOfStaying } from './clean-words.ts'
import type { HugeSegment } from './huge-segment.ts'
import {
  type ChosenSegment,
  keptSegmentReasons,
  leftSegmentReasons,
  type SegmentRemoval,
  segmentTitle,
} from './segment-choice.ts'

/** One segment in the list that is shown before the question. */
const askedLine = (segment: HugeSegment): string =>
  `  ${segmentTitle(segment)}: ${plural(segment.pages, 'page')} of ${formatSize(segment.pageSize)}, of user ${segment.uid}`

/** The question before segments are removed. */
export const segmentsQuestion = (segments: readonly HugeSegment[]): string =>
  [
    'nobody has these segments attached, and who made them is gone:',
    ...segments.map(askedLine),
    `remove ${plural(BigInt(segments.length), 'segment')}? [y/N] `,
  ].join('\n')

/** The lines for a shell that remove the segments. */
export const segmentRemovalLines = (segments: readonly HugeSegment[]): readonly string[] =>
  segments.map(({ id }) => `ipcrm -m ${id}`)

/** Says which segments stay and why. Those that somebody has attached are no news. */
export const segmentsThatStay = (chosen: readonly ChosenSegment[]): readonly string[] =>
  wordsOfStaying(
    chosen.flatMap(({ segment, kept }) =>
      kept === undefined || kept === 'used'
        ? []
        : [{ name: segmentTitle(segment), why: keptSegmentReasons[kept] }],
    ),
    'segment',
  )

/** Tells what removes the segments among holds that nobody has attached, and whose makers are gone. */
export const leftSegmentHints = (
  { segments, origins }: FoundPages,
  holds: readonly PageHold[],
): readonly string[] => {
  const shown = new Set(
    holds
      .flatMap(({ kind, files = [] }) => (kind === 'segment' ? [...files] : []))
      .map(([key]) => key),
  )
  const [first, ...more] = segments.filter(({ key, attached }) => {
    const origin = origins?.get(key)
    const isLeft = attached === 0 && origin?.isCreatorGone === true
    return isLeft && origin.elsewhere === undefined && shown.has(key)
  })
  if (first === undefined) return []
  const which =
    more.length === 0
      ? `segment ${first.id}, which nobody has attached and whose creator is gone`
      : `the ${more.length + 1} segments that nobody has attached and whose creators are gone`
  return [
    `'hugepool files --segments --clean' removes ${which}; 'ipcrm -m ${first.id}' removes ${more.length === 0 ? 'it' : 'one'} without a look`,
  ]
}

/** Says of each segment that should have gone why it is still there. */
export const leftSegmentWords = (removals: readonly SegmentRemoval[]): readonly string[] =>
  removals.flatMap(({ segment, left }) =>
    left === undefined
      ? []
      : [`${segmentTitle(segment)}: not removed: ${leftSegmentReasons[left]}`],
  )
