import { acceptedValues } from '../../model/config/tune/accepted-values.ts'
import { persistedPosition, type ShownSetting } from '../../model/config/tune/found-setting.ts'
import { startFileHints, startFileWords } from '../../model/config/tune/kept-setting-words.ts'
import { echoLine } from '../../model/pools/pool-plan.ts'
import { present, unlessEmpty } from '../../model/words/present.ts'
import type { SettingsTable } from '../../operations/config/list-settings.ts'
import type { TuneDryRun, TuneResult } from '../../operations/config/tune-settings.ts'
import {
  settingChangeDocument,
  settingDocument,
  startFilesDocument,
} from '../../output/config/tune-document.ts'
import { changeNames, type TuneRow, tuneColumns } from '../../output/config/tune-rows.ts'
import type {
  Document,
  PlannedTuneDocument,
  SettingsDocument,
  TunedDocument,
} from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'

/** Says of which namespace the settings of SysV segments are. */
const namespaceNotes = ({
  settings,
  ownNamespace,
}: Pick<SettingsTable, 'settings' | 'ownNamespace'>): readonly string[] => {
  const keys = settings.flatMap(({ setting }) => (setting.ofNamespace ? [setting.key] : []))
  return ownNamespace && keys.length > 0
    ? [`${keys.join(', ')}: of this IPC namespace, not of the machine`]
    : []
}

const settingNotes = (shown: ShownSetting): readonly string[] => {
  const { setting, value, recommended, persisted } = shown
  const { key, path, needs } = setting
  return [
    ...(value === undefined ? [`${path}: not to be seen: it takes ${needs}`] : []),
    `${key}: accepts ${acceptedValues(shown).text}`,
    ...(recommended === undefined ? [] : [`${key}: ${recommended.why}`]),
    ...(persisted === undefined ? [] : [`${persistedPosition(persisted)}: sets ${key} at a start`]),
  ]
}

/** Says more of settings that are named than their rows do. */
const namedNotes = ({ settings, named }: SettingsTable): readonly string[] =>
  named ? settings.flatMap(settingNotes) : []

const shownView = (table: SettingsTable): View<SettingsDocument> => ({
  rows: (names, style) => textRows({ columns: tuneColumns, rows: table.settings }, names, style),
  document: () => ({
    settings: table.settings.map(settingDocument),
    unread: unlessEmpty(table.unread),
  }),
  notes: [...namedNotes(table), ...namespaceNotes(table)],
  words: table.unread.map((path) => `${path}: cannot be read: what it sets is not known`),
  hints: [],
  partial: false,
})

const plannedView = ({ plan, denied, persisted }: TuneDryRun): View<PlannedTuneDocument> => {
  const { steps } = plan
  const lines = [
    ...steps.map(({ path, value }) => echoLine(path, value)),
    ...(persisted?.lines ?? []),
  ]
  return {
    lines,
    document: () => ({
      dryRun: true,
      writes: steps.map(({ path, value }) => ({ path, value })),
      persisted: persisted && startFilesDocument(persisted),
    }),
    notes: persisted === undefined ? [] : startFileWords(persisted),
    noteHints: persisted === undefined ? [] : startFileHints(persisted),
    words: lines.length === 0 ? ['nothing to do'] : [],
    hints: [],
    partial: false,
    ...present({ denied }),
  }
}

const tuneRows = ({ changes, settings }: TuneResult): readonly TuneRow[] =>
  settings.map((shown) => ({
    ...shown,
    ...present({ change: changes.find(({ setting }) => setting.key === shown.setting.key) }),
  }))

const changedView = (result: TuneResult): View<TunedDocument> => {
  const { outcome, changes, settings, words, persisted, failure, signal } = result
  const rows = tuneRows(result)
  return {
    // Where only files changed, the settings are as they were.
    ...(changes.length > 0 && {
      rows: (names, style) => textRows({ columns: tuneColumns, rows }, changeNames(names), style),
    }),
    document: () => ({
      outcome,
      changes: changes.map(settingChangeDocument),
      settings: settings.map(settingDocument),
      persisted: persisted && startFilesDocument(persisted),
    }),
    notes: [
      ...namespaceNotes(result),
      ...(persisted === undefined ? [] : startFileWords(persisted)),
    ],
    noteHints: persisted === undefined ? [] : startFileHints(persisted),
    words,
    hints: [],
    partial: outcome === 'partial',
    ...present({ failure, signal }),
  }
}

/** Shows settings, what became of them, or what would be written. */
export const tuneView = (
  result: SettingsTable | TuneResult | TuneDryRun,
): View<Document<'tune'>> => {
  switch (result.kind) {
    case 'shown':
      return shownView(result)
    case 'dry-run':
      return plannedView(result)
    case 'changed':
      return changedView(result)
  }
}
