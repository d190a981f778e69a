import { plannedChanges } from '../../model/config/config-change.ts'
import type { ConfigItem } from '../../model/config/config-item.ts'
import { amissWords } from '../../model/config/refuse-unless-all.ts'
import { isUntold, noConfiguration, stateWords } from '../../model/config/state-words.ts'
import { isAmiss } from '../../model/config/whole-state.ts'
import {
  unreadFileWords,
  writerHints,
  writerWords,
} from '../../model/config/writers/writer-words.ts'
import { present, unlessEmpty } from '../../model/words/present.ts'
import type { CheckResult, ConfigFiles } from '../../operations/config/check-configuration.ts'
import {
  configChangeDocument,
  itemDocument,
  nextBootDocument,
  skippedDocument,
} from '../../output/config/item-document.ts'
import { itemColumns } from '../../output/config/item-rows.ts'
import { writerDocument } from '../../output/config/writer-document.ts'
import type { Document } from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'

/** Says which files were read, and which say nothing here and why. */
export const readFilesWords = ({ files, skipped }: ConfigFiles): readonly string[] => [
  ...files.map((file) => `${file}: was read`),
  ...skipped.map(({ file, why }) => `${file}: says nothing here: ${why}`),
]

const documentOf = (result: CheckResult): Document<'check'> => {
  const { state, items, files, skipped, positions, writers, unread } = result
  return {
    state,
    ...(state !== undefined && nextBootDocument(items)),
    items: items.map(itemDocument(positions)),
    changes: state === undefined ? undefined : plannedChanges(items).map(configChangeDocument),
    writers: unlessEmpty(writers)?.map(writerDocument),
    unread: unlessEmpty(unread),
    files,
    skipped: skippedDocument(skipped),
  }
}

/** Says in a sentence how the whole machine is. */
const wholeWords = ({ files, items, state }: CheckResult): readonly string[] => {
  if (files.length === 0) return [noConfiguration]
  return state === undefined ? ['the files are right'] : [stateWords(items)]
}

/** Says what can be done about all that is not as wanted. */
const hintsOf = (items: readonly ConfigItem[]): readonly string[] => [
  ...new Set([
    ...(items.some(({ planned = false }) => planned) ? ["'hugepool apply' makes it so"] : []),
    ...items.filter(isAmiss).flatMap(({ hints = [] }) => hints),
  ]),
]

/** Shows how a machine compares with its configuration. The answer is no where it has drifted. */
export const checkView = (result: CheckResult, verbose: boolean): View<Document<'check'>> => {
  const { items, positions, state, writers, unread } = result
  const amiss = items.filter(isAmiss)
  const isNo = amiss.some((item) => !isUntold(item))
  const rows = items.map((item) => present({ item, position: positions.get(item.key) }))
  return {
    ...(state === undefined
      ? { lines: [] }
      : { rows: (names, style) => textRows({ columns: itemColumns, rows }, names, style) }),
    document: () => documentOf(result),
    notes: [
      ...(verbose ? readFilesWords(result) : []),
      ...writers.map(writerWords),
      ...unreadFileWords(unread),
    ],
    noteHints: writerHints(writers),
    words: [...wholeWords(result), ...amiss.map(amissWords)],
    hints: hintsOf(items),
    partial: !isNo && amiss.length > 0,
    isNo,
  }
}
