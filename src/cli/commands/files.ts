import { usage } from '../../errors.ts'
import type { CleanRequest } from '../../model/processes/files/clean-choice.ts'
import {
  cleanQuestion,
  leftWords,
  reasonsToStay,
  removalLines,
} from '../../model/processes/files/clean-words.ts'
import { restoredWords } from '../../model/processes/files/restored-name.ts'
import { removedWords } from '../../model/processes/files/returned-words.ts'
import { unseenDocument } from '../../model/processes/who/unseen-names.ts'
import { parseDuration } from '../../model/words/duration.ts'
import { plural } from '../../model/words/plural.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../../operations/ports.ts'
import type { CleanPlan, CleanResult } from '../../operations/processes/files/clean-files.ts'
import type { FilesRequest, FilesResult } from '../../operations/processes/files/list-files.ts'
import { type FileRow, fileColumns } from '../../output/processes/file-columns.ts'
import { cleanDocument, hugeFileDocument } from '../../output/processes/file-document.ts'
import type { Document } from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'
import { define, type Words } from '../command.ts'
import {
  cleanOption,
  keepOption,
  olderOption,
  removalsOption,
  yesOption,
} from '../options/files-option.ts'
import { parsePath, typedValue } from '../typed-values.ts'
import { commandsView } from '../views/change-view.ts'

interface TypedFiles extends FilesRequest, CleanRequest {
  readonly clean: boolean
  readonly yes: boolean
  readonly dryRun: boolean
}

type ShownFiles =
  | { readonly kind: 'listed'; readonly result: FilesResult }
  | { readonly kind: 'planned'; readonly result: CleanPlan }
  | { readonly kind: 'refused'; readonly result: CleanPlan }
  | { readonly kind: 'cleaned'; readonly result: CleanResult }

const usualAge = 60_000

const keptNames = (text: string): readonly string[] => {
  const names = text.split(',')
  if (names.includes('')) throw usage(`'${text}' is not a list of names`)
  return names
}

const resolve = (words: Words): TypedFiles => {
  const { operands, switches, values } = words
  const clean = switches.has(cleanOption.name)
  const needsClean = [yesOption, olderOption, keepOption, removalsOption].find(
    ({ name }) => switches.has(name) || name in values,
  )
  if (!clean && needsClean !== undefined) throw usage(`--${needsClean.name} is for --clean`)
  return {
    paths: operands.map(parsePath),
    clean,
    yes: switches.has(yesOption.name),
    dryRun: switches.has(removalsOption.name),
    older: typedValue(words, olderOption, parseDuration) ?? usualAge,
    keep: typedValue(words, keepOption, keptNames) ?? [],
  }
}

const clean = async (request: TypedFiles, ports: Ports): Promise<ShownFiles> => {
  const { carryOutClean, planClean, removable } = await import(
    '../../operations/processes/files/clean-files.ts'
  )
  const plan = planClean(ports, request)
  if (request.dryRun) return { kind: 'planned', result: plan }
  const files = removable(plan)
  const asked = request.yes || files.length === 0 || ports.ask?.(cleanQuestion(files))
  if (asked === undefined)
    throw usage('--clean asks before it removes files, and here is no terminal', 'give --yes')
  if (!asked) return { kind: 'refused', result: plan }
  return { kind: 'cleaned', result: await carryOutClean(ports, plan) }
}

const removedIn = (shown: ShownFiles): ReadonlySet<string> =>
  new Set(
    shown.kind === 'cleaned'
      ? shown.result.removals.flatMap(({ file, left }) => (left === undefined ? [file.path] : []))
      : [],
  )

const unseenNote = ({ unseen, unseenNames }: FilesResult): readonly string[] => {
  const rest = 'could not be looked into, and may have files open'
  if (unseen.length === 0) return []
  return unseen.length === 1
    ? [`process ${unseenNames} ${rest}`]
    : [`${plural(unseen.length, 'process', 'processes')} ${rest}: ${unseenNames}`]
}

const filesNotes = (shown: ShownFiles): readonly string[] => {
  const { result, kind } = shown
  const none = result.files.length === 0 ? ['no file is on hugetlbfs'] : []
  if (kind === 'listed') return [...none, ...unseenNote(result)]
  const removed = removedIn(shown).size
  return [
    ...none,
    ...reasonsToStay(result.chosen),
    ...(kind === 'cleaned' && removed > 0 ? [removedWords(removed, result.returned)] : []),
    ...(kind === 'cleaned' ? restoredWords(result.restored) : []),
    ...(kind === 'refused' ? ['nothing was removed'] : []),
  ]
}

const view = (shown: ShownFiles): View<Document<'files'>> => {
  const { result } = shown
  if (shown.kind === 'planned') {
    const files = shown.result.chosen.flatMap(({ file, kept }) => (kept ? [] : [file]))
    return { ...commandsView(removalLines(files)), notes: filesNotes(shown) }
  }
  const removed = removedIn(shown)
  const now = Date.now()
  const rows = result.files.map(
    (file): FileRow => ({ ...file, age: now - file.touched, removed: removed.has(file.path) }),
  )
  const removals = shown.kind === 'cleaned' ? shown.result.removals : []
  const words = leftWords(removals)
  return present({
    rows: (names: readonly string[], style: Parameters<NonNullable<View['rows']>>[1]) =>
      textRows({ columns: fileColumns, rows }, rows.length > 0 ? names : [], style),
    document: () => ({
      files: result.files.map(hugeFileDocument),
      unseen: unseenDocument(result.unseen),
      ...(shown.kind === 'cleaned' ? cleanDocument(shown.result) : {}),
    }),
    notes: filesNotes(shown),
    words,
    hints: [],
    partial: words.length > 0,
    signal: shown.kind === 'cleaned' ? shown.result.signal : undefined,
  })
}

export const filesCommand = define<'files', TypedFiles, ShownFiles>({
  name: 'files',
  aliases: [],
  summary: 'show the files on hugetlbfs and remove what was left',
  details: [
    'Every file on every hugetlbfs that can be reached, or those that PATH names. With --clean those',
    'are removed that nobody has, after a question; what is in use by then gets its name back.',
  ],
  operands: {
    usage: '[PATH...]',
    least: 0,
    most: Number.POSITIVE_INFINITY,
    completes: 'mount',
  },
  options: [cleanOption, yesOption, olderOption, keepOption, removalsOption],
  columns: fileColumns,
  examples: [
    { line: 'hugepool files', meaning: 'all of them' },
    { line: 'hugepool files -o +UID,MODE', meaning: 'whose are they?' },
    { line: 'hugepool files --clean --dry-run', meaning: 'what would be removed?' },
    { line: 'hugepool files --clean --yes --older 1h', meaning: 'for a script' },
  ],
  resolve,
  run: async (request, ports) => {
    if (request.clean) return clean(request, ports)
    const { listFiles } = await import('../../operations/processes/files/list-files.ts')
    return { kind: 'listed', result: listFiles(ports, request) }
  },
  view,
})
