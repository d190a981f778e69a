import { idleKeepWords } from '../../model/processes/files/kept-word.ts'
import { removedWords } from '../../model/processes/files/returned-words.ts'
import { segmentTitle } from '../../model/processes/files/segment-choice.ts'
import {
  leftSegmentWords,
  segmentRemovalLines,
  segmentsThatStay,
} from '../../model/processes/files/segment-words.ts'
import { present } from '../../model/words/present.ts'
import type {
  SegmentsCleaned,
  SegmentsPlan,
} from '../../operations/processes/files/clean-segments.ts'
import type { SegmentsResult } from '../../operations/processes/files/list-segments.ts'
import type { CellStyle } from '../../output/columns.ts'
import { type FileRow, fileColumns } from '../../output/processes/file-columns.ts'
import {
  cleanedSegmentsDocument,
  segmentDocument,
} from '../../output/processes/segment-document.ts'
import { unseenDocument } from '../../output/processes/unseen-document.ts'
import type { Document } from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'
import { commandsView } from './change-view.ts'
import { unseenNotes } from './unseen-notes.ts'

export type ShownSegments =
  | { readonly kind: 'listed'; readonly result: SegmentsResult }
  | { readonly kind: 'planned'; readonly result: SegmentsPlan }
  | { readonly kind: 'refused'; readonly result: SegmentsPlan }
  | { readonly kind: 'cleaned'; readonly result: SegmentsCleaned }

const removedIn = (shown: ShownSegments): ReadonlySet<string> =>
  new Set(
    shown.kind === 'cleaned'
      ? shown.result.removals.flatMap(({ segment, left }) =>
          left === undefined ? [segmentTitle(segment)] : [],
        )
      : [],
  )

const segmentNotes = (shown: ShownSegments): readonly string[] => {
  const { result, kind } = shown
  const none = result.segments.length === 0 ? ['no SysV segment has huge pages'] : []
  if (kind === 'listed')
    return [
      ...none,
      ...unseenNotes(result.unseen, 'may be of other IPC namespaces, with segments there'),
    ]
  const removed = removedIn(shown).size
  return [
    ...none,
    ...segmentsThatStay(result.chosen),
    ...idleKeepWords(result.idle, 'segment'),
    ...(kind === 'cleaned' && removed > 0
      ? [removedWords(removed, result.returned, 'segment')]
      : []),
    ...(kind === 'refused' ? ['nothing was removed'] : []),
  ]
}

const rowsOf = (shown: ShownSegments, now: number): readonly FileRow[] => {
  const removed = removedIn(shown)
  return shown.result.segments.map((segment) => ({
    ...segment,
    path: segmentTitle(segment),
    age: now - segment.touched,
    removed: removed.has(segmentTitle(segment)),
  }))
}

/** Shows segments as `filesView` shows files, and what was removed of them. */
export const segmentsView = (shown: ShownSegments, now: number): View<Document<'files'>> => {
  const notes = segmentNotes(shown)
  if (shown.kind === 'planned') {
    const { chosen } = shown.result
    const segments = chosen.flatMap(({ segment, kept }) => (kept ? [] : [segment]))
    return { ...commandsView(segmentRemovalLines(segments)), notes }
  }
  const rows = rowsOf(shown, now)
  const words = shown.kind === 'cleaned' ? leftSegmentWords(shown.result.removals) : []
  return present({
    rows: (names: readonly string[], style: CellStyle) =>
      textRows({ columns: fileColumns, rows }, rows.length > 0 ? names : [], style),
    document: () => ({
      files: [],
      segments: shown.result.segments.map(segmentDocument),
      unseen: unseenDocument(shown.result.unseen),
      ...(shown.kind === 'cleaned' ? cleanedSegmentsDocument(shown.result) : {}),
    }),
    notes,
    words,
    hints: [],
    partial: words.length > 0,
    signal: shown.kind === 'cleaned' ? shown.result.signal : undefined,
  })
}
