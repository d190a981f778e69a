import { persistedHints, persistedSentences } from '../../model/config/persisted-words.ts'
import { present, unlessEmpty } from '../../model/words/present.ts'
import type { LastingResult } from '../../operations/config/persist-pools.ts'
import type { PersistedPools } from '../../operations/config/plan-lasting.ts'
import { writerDocument } from '../../output/config/writer-document.ts'
import type {
  ChangesDocument,
  DryRunDocument,
  KeptDocument,
} from '../../output/schemas/documents.ts'
import type { View } from '../../output/view.ts'
import { changeView } from './change-view.ts'

const keptDocument = (persisted: PersistedPools): KeptDocument => {
  const { path, outcome, keys, overriddenBy, skipped, service, writers } = persisted
  return {
    path,
    outcome,
    keys: keys.map((each) => ({ ...each })),
    overriddenBy:
      overriddenBy.length === 0
        ? undefined
        : overriddenBy.map(({ file, line, key }) => ({ file, line, key })),
    skipped,
    service: service?.installed,
    writers: unlessEmpty(writers)?.map(writerDocument),
  }
}

type ChangeView = View<ChangesDocument | DryRunDocument>

const withDocument = (shown: ChangeView, persisted: PersistedPools): ChangeView['document'] => {
  const kept = keptDocument(persisted)
  return () => ({ ...shown.document(), persisted: kept })
}

/** A dry run without steps says this, which is wrong where the configuration would change. */
const nothing = 'nothing to do'

const withoutNothing = (words: readonly string[], { lines }: PersistedPools): readonly string[] =>
  lines.length === 0 ? words : words.filter((word) => word !== nothing)

const lastingDryRun = (shown: ChangeView, persisted: PersistedPools): ChangeView => {
  const lines = [...(shown.lines ?? []), ...persisted.lines]
  return {
    ...shown,
    lines,
    document: withDocument(shown, persisted),
    words: withoutNothing(shown.words, persisted),
  }
}

/** Says that a start will try again to get what is missing now. */
const shortWords = ({ result }: LastingResult, { path }: PersistedPools): readonly string[] =>
  result.kind === 'changed' && result.outcome === 'partial'
    ? [`${path}: has what was asked for, not what came of it`]
    : []

/** Shows the result of resize or overcommit, with what --persist wrote. */
export const lastingView = (lasting: LastingResult): ChangeView => {
  const { result, persisted } = lasting
  const shown = changeView(result)
  if (persisted === undefined) return shown
  const notes = [
    ...withoutNothing(shown.notes ?? [], persisted),
    ...persistedSentences(persisted),
    ...shortWords(lasting, persisted),
  ]
  const noteHints = [...(shown.noteHints ?? []), ...persistedHints(persisted)]
  if (result.kind === 'dry-run') return { ...lastingDryRun(shown, persisted), notes, noteHints }
  const { rows, ...rest } = shown
  const isAlone = result.changes.length === 0
  return {
    ...rest,
    ...present({ rows: isAlone ? undefined : rows }),
    document: () => ({
      ...withDocument(shown, persisted)(),
      ...(isAlone ? { outcome: persisted.outcome } : {}),
    }),
    notes,
    noteHints,
  }
}
