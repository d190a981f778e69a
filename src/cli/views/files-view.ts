import {
  leftWords,
  reasonsToStay,
  removalLines,
  unreachedWords,
} from '../../model/processes/files/clean-words.ts'
import type { HugeFile } from '../../model/processes/files/huge-file.ts'
import { idleKeepWords } from '../../model/processes/files/kept-word.ts'
import { restoredWords, restoringLines } from '../../model/processes/files/restored-name.ts'
import { removedWords } from '../../model/processes/files/returned-words.ts'
import { present } from '../../model/words/present.ts'
import type { CleanPlan, CleanResult } from '../../operations/processes/files/clean-files.ts'
import type { FilesResult } from '../../operations/processes/files/list-files.ts'
import type { CellStyle } from '../../output/columns.ts'
import { type FileRow, fileColumns } from '../../output/processes/file-columns.ts'
import { cleanDocument, hugeFileDocument } from '../../output/processes/file-document.ts'
import { unseenDocument } from '../../output/processes/unseen-document.ts'
import type { Document } from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'
import { commandsView } from './change-view.ts'
import { unreadNotes, unseenNotes } from './unseen-notes.ts'

export type ShownFiles =
  | { readonly kind: 'listed'; readonly result: FilesResult }
  | {
      readonly kind: 'planned'
      readonly result: CleanPlan
      /** The files that would get back the names that they had. */
      readonly restored: readonly HugeFile[]
    }
  | { readonly kind: 'refused'; readonly result: CleanPlan }
  | { readonly kind: 'cleaned'; readonly result: CleanResult }

const removedIn = (shown: ShownFiles): ReadonlySet<string> =>
  new Set(
    shown.kind === 'cleaned'
      ? shown.result.removals.flatMap(({ file, left }) => (left === undefined ? [file.path] : []))
      : [],
  )

/** Says what would tell of files of which it is not known. Linux 7.0 and later have no leases on hugetlbfs. */
const sightHints = ({ files, unseen }: FilesResult): readonly string[] => {
  const unknown = files.filter(({ state }) => state === 'unknown')
  const needs = [...new Set(unknown.flatMap(({ needs: one }) => one ?? []))]
  return [
    ...(needs.length === 0
      ? []
      : [
          `with ${needs.join(' and ')} the kernel tells, before Linux 7.0, whether somebody has a file of another user`,
        ]),
    ...(unknown.length === 0 || unseen.pids.length === 0
      ? []
      : ['with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH the processes of others can be looked into']),
  ]
}

const filesNotes = (shown: ShownFiles): readonly string[] => {
  const { result, kind } = shown
  const where = result.isNarrow ? 'there' : 'on hugetlbfs'
  const none = [
    ...(result.files.length === 0 ? [`no file was found ${where}`] : []),
    ...unreadNotes(result.unseen),
  ]
  if (kind === 'listed')
    return [
      ...none,
      ...unreachedWords(result.files),
      ...unseenNotes(result.unseen, 'may have files open'),
    ]
  const removed = removedIn(shown).size
  return [
    ...none,
    ...reasonsToStay(result.chosen),
    ...idleKeepWords(result.idle, 'file'),
    ...(kind === 'cleaned' && removed > 0 ? [removedWords(removed, result.returned)] : []),
    ...(kind === 'cleaned' ? restoredWords(result.restored) : []),
    ...(kind === 'refused' ? ['nothing was removed'] : []),
  ]
}

/** Shows files, and what was removed of them. `now` is the moment up to which their age counts. */
export const filesView = (shown: ShownFiles, now: number): View<Document<'files'>> => {
  const { result } = shown
  if (shown.kind === 'planned') {
    const files = shown.result.chosen.flatMap(({ file, kept }) => (kept ? [] : [file]))
    return {
      ...commandsView([...restoringLines(shown.restored), ...removalLines(files)]),
      notes: filesNotes(shown),
    }
  }
  const removed = removedIn(shown)
  const rows = result.files.map(
    (file): FileRow => ({ ...file, age: now - file.touched, removed: removed.has(file.path) }),
  )
  const removals = shown.kind === 'cleaned' ? shown.result.removals : []
  const words = leftWords(removals)
  return present({
    rows: (names: readonly string[], style: CellStyle) =>
      textRows({ columns: fileColumns, rows }, rows.length > 0 ? names : [], style),
    document: () => ({
      files: result.files.map(hugeFileDocument),
      unseen: unseenDocument(result.unseen),
      ...(shown.kind === 'cleaned' ? cleanDocument(shown.result) : {}),
    }),
    notes: filesNotes(shown),
    words,
    hints: sightHints(result),
    partial: words.length > 0,
    signal: shown.kind === 'cleaned' ? shown.result.signal : undefined,
  })
}
