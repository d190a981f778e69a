import { refused } from '../../../errors.ts'
import { present } from '../../words/present.ts'
import { type BootRecord, bootRecordText, type RecordedFile } from './boot-record.ts'
import { withWordsOf, wordsInFile } from './edited-file.ts'
import { checkSequence, sequenceIn } from './hugetlb-sequence.ts'
import { type LoaderState, type LoaderStep, recordStep, stepTo } from './loader-plan.ts'
import type { LoaderFile, WordsRequest } from './loader-row.ts'
import { findForeign, refuseForeign } from './others-words.ts'
import { ownMark } from './own-file.ts'

/** What is asked of an installation. */
export interface InstallRequest {
  /** The words with one blank between them: `hugepagesz=1G hugepages=0:2,1:2`. */
  readonly sequence: string
  /** Whether words of others are taken over. */
  readonly replace: boolean
}

const withoutDoubles = (texts: readonly string[]): readonly string[] => [...new Set(texts)]

/**
 * Throws E_REFUSED where words are installed through a boot loader that is not the machine's any
 * more.
 */
const refuseOther = ({ loader, record }: LoaderState): void => {
  if (record === undefined || record.loader === loader.name) return
  throw refused(
    'otherwise',
    `words are installed through another boot loader: ${record.loader}`,
    "'hugepool boot --remove' removes them there",
  )
}

/**
 * Finds the text that was there before hugepool came, also where others have changed the file
 * since; undefined where there was no file. Throws E_REFUSED for a file of hugepool that others
 * have changed, unless `replace` is set.
 */
const textBefore = (
  { files, record }: LoaderState,
  file: LoaderFile,
  replace: boolean,
): string | undefined => {
  const { path, isOwn } = file
  const text = files.texts.get(path)
  const known = record?.file?.path === path ? record.file : undefined
  if (text === undefined) return undefined
  if (known?.written.includes(text)) return known.before
  if (!isOwn) {
    const words = wordsInFile(file, text)
    const isAdded = known !== undefined && (record?.sequences ?? []).includes(words)
    return isAdded ? withWordsOf(file, text, known.before ?? '') : text
  }
  if (!replace)
    throw refused(
      'not-ours',
      `${path} is not as hugepool wrote it`,
      '--replace writes it anew; what an administrator adds belongs into another file',
    )
  return text.startsWith(ownMark) ? known?.before : text
}

interface PlannedFile {
  readonly steps: readonly LoaderStep[]
  readonly recorded: RecordedFile
  readonly after: string
}

const planWrittenFile = (
  state: LoaderState,
  file: LoaderFile,
  request: WordsRequest,
  replace: boolean,
): PlannedFile => {
  const { path, start = '' } = file
  const text = state.files.texts.get(path)
  const before = textBefore(state, file, replace)
  const after = file.write(before ?? start, request)
  const known = state.record?.file?.path === path ? state.record.file.written : []
  return {
    steps: stepTo(path, text, after, text === before ? file.backup : undefined),
    recorded: present({ path, before, written: withoutDoubles([...known, after]) }),
    after,
  }
}

const isDone = (
  { loader, files, record }: LoaderState,
  planned: PlannedFile | undefined,
  sequence: string,
): boolean => {
  const [next] = loader.entries(files)
  return (
    record?.state === 'installed' &&
    record.sequences.join('\n') === sequence &&
    (planned?.steps ?? []).length === 0 &&
    (next === undefined || sequenceIn(next.line) === sequence)
  )
}

/**
 * Plans an installation: the record of what is about to be done, the file, the programs of the boot
 * loader, and the record of what is done. Wherever it is stopped, the record knows every text and
 * word that may be there by then. Throws E_USAGE for words that are no sequence, and E_REFUSED for
 * words of others and for those that another boot loader has.
 */
export const planInstall = (
  state: LoaderState,
  { sequence, replace }: InstallRequest,
): readonly LoaderStep[] => {
  checkSequence(sequence)
  refuseOther(state)
  const { loader, files, record, recordText } = state
  const foreign = findForeign(state)
  refuseForeign(state, foreign, replace)
  const replaced = withoutDoubles([
    ...(record?.replaced ?? []),
    ...foreign.map(({ words }) => words),
  ])
  const request = { wanted: sequence, takesOver: replaced.length > 0 }
  const file = loader.file?.(files)
  const planned = file && planWrittenFile(state, file, request, replace)
  if (isDone(state, planned, sequence)) return []
  const common = { loader: loader.name, replaced }
  const begun: BootRecord = present({
    ...common,
    state: 'installing' as const,
    sequences: withoutDoubles([...(record?.sequences ?? []), sequence]),
    file: planned?.recorded,
  })
  const done: BootRecord = present({
    ...common,
    state: 'installed' as const,
    sequences: [sequence],
    file: planned && { ...planned.recorded, written: [planned.after] },
  })
  return [
    ...recordStep(recordText, begun),
    ...(planned?.steps ?? []),
    ...loader.commands(files, request).map((words) => ({ do: 'run', words }) as const),
    ...recordStep(bootRecordText(begun), done),
  ]
}
