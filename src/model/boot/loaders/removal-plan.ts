import { refused } from '../../../errors.ts'
import { present } from '../../words/present.ts'
import { type BootRecord, bootRecordText, type RecordedFile } from './boot-record.ts'
import { withWordsOf } from './edited-file.ts'
import { type LoaderState, type LoaderStep, recordStep, removeStep, stepTo } from './loader-plan.ts'
import type { LoaderFile } from './loader-row.ts'

/**
 * Returns what the file has to become: its text before hugepool came, or, where others have changed
 * it since, its text without the words. Throws E_REFUSED for a file of hugepool that others have
 * changed, unless `replace` is set.
 */
const textAfter = (
  text: string,
  { path, before, written }: RecordedFile,
  file: LoaderFile,
  replace: boolean,
): string | undefined => {
  if (written.includes(text) || text === before) return before
  if (!file.isOwn) return withWordsOf(file, text, before ?? '')
  if (replace) return before
  throw refused(
    'not-ours',
    `${path} is not as hugepool wrote it`,
    '--replace removes it as it is; what an administrator added would be lost',
  )
}

interface PlannedRemoval {
  readonly recorded: RecordedFile
  readonly before: readonly LoaderStep[]
  readonly after: readonly LoaderStep[]
}

/**
 * Removes the copy of the text of others, which is of no use any more. Another text in its place is
 * somebody else's and stays.
 */
const withoutBackup = (
  { files }: LoaderState,
  { backup }: LoaderFile,
  { before }: RecordedFile,
): readonly LoaderStep[] => {
  const text = backup === undefined ? undefined : files.texts.get(backup)
  return backup !== undefined && text !== undefined && text === before
    ? [removeStep(backup, text)]
    : []
}

const planRemovedFile = (
  state: LoaderState,
  file: LoaderFile,
  known: RecordedFile,
  replace: boolean,
): PlannedRemoval => {
  const { path } = file
  const text = state.files.texts.get(path)
  const after = text === undefined ? undefined : textAfter(text, known, file, replace)
  const copies = withoutBackup(state, file, known)
  if (text === undefined || after !== undefined || !file.staysForCommands)
    return { recorded: known, before: stepTo(path, text, after), after: copies }
  const wanted = state.record?.replaced[0] ?? ''
  const bare = file.write(file.start ?? '', { wanted, takesOver: false })
  const recorded = { ...known, written: [...new Set([...known.written, bare])] }
  return { recorded, before: stepTo(path, text, bare), after: [removeStep(path, bare), ...copies] }
}

/**
 * Returns what the record knows of a file. Others may have moved their line, with the words in it,
 * to another path since: it counts as changed by them there.
 */
const knownFile = ({ path, isOwn }: LoaderFile, { file }: BootRecord): RecordedFile | undefined => {
  if (file === undefined || file.path === path) return file
  return isOwn ? undefined : { ...file, path, written: [] }
}

/**
 * Plans the removal of what a record says, and of nothing else. Words of others that were taken
 * over come back. Without a record there is nothing to do. Throws E_REFUSED where others have
 * changed a file of hugepool, unless `replace` is set.
 */
export const planRemoval = (state: LoaderState, replace: boolean): readonly LoaderStep[] => {
  const { loader, files, record, recordText } = state
  if (record === undefined) return []
  const file = loader.file?.(files)
  const known = file && knownFile(file, record)
  const planned = file && known && planRemovedFile(state, file, known, replace)
  const wanted = file === undefined ? (record.replaced[0] ?? '') : ''
  const begun: BootRecord = present({
    ...record,
    state: 'removing' as const,
    file: planned?.recorded ?? record.file,
  })
  return [
    ...recordStep(recordText, begun),
    ...(planned?.before ?? []),
    ...loader
      .commands(files, { wanted, takesOver: false })
      .map((words) => ({ do: 'run', words }) as const),
    ...(planned?.after ?? []),
    ...recordStep(bootRecordText(begun), undefined),
  ]
}
