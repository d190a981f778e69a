import { acceptedValues } from '../../model/config/tune/accepted-values.ts'
import { persistedPosition, type ShownSetting } from '../../model/config/tune/found-setting.ts'
import type { TunedSetting } from '../../model/config/tune/setting-kind.ts'
import { type SettingValue, settingText } from '../../model/config/tune/setting-value.ts'
import type { SettingChange } from '../../model/config/tune/tune-change.ts'
import { type Cell, type Column, column, onRequest } from '../columns.ts'

/** A setting as it is, and what a call made of it. */
export type TuneRow = ShownSetting & {
  readonly change?: Pick<SettingChange, 'before' | 'requested' | 'outcome'>
}

/** Shows a value as it can be typed again: memory as an amount, and all else as it is written. */
const settingCell = (setting: TunedSetting, value: SettingValue | undefined): Cell => {
  if (value === undefined) return undefined
  const text = settingText(setting, value)
  const isAmount = setting.accepts.kind === 'bytes' && typeof value === 'bigint' && text !== 'max'
  return isAmount ? { bytes: value } : text
}

const nowCell = ({ setting, value, group }: TuneRow): Cell => group ?? settingCell(setting, value)

const persistedCell = ({ setting, persisted, value, group }: TuneRow): Cell => {
  if (persisted === undefined) return undefined
  if (group !== undefined && persisted.value === value) return group
  return persisted.value === undefined ? persisted.text : settingCell(setting, persisted.value)
}

const positionCell = ({ persisted }: TuneRow): Cell => persisted && persistedPosition(persisted)

const outcomeColumn: Column<TuneRow> = {
  ...column('OUTCOME', 'done, unchanged or partial', ({ change }) => change?.outcome, 'left'),
  tone: ({ change }) => (change?.outcome === 'partial' ? 'wrong' : undefined),
}

export const tuneColumns: readonly Column<TuneRow>[] = [
  column('KEY', 'the name of the setting', ({ setting }) => setting.key, 'left'),
  column('VALUE', 'what it is now', nowCell),
  column(
    'RECOMMENDED',
    'what it should at least be, where there is a reason',
    ({ setting, recommended }) => settingCell(setting, recommended?.value),
  ),
  column('PERSISTED', 'what a file sets it to at a start', persistedCell),
  column('WHAT', 'what it is about', ({ setting }) => setting.what, 'left'),
  onRequest(
    column('BEFORE', 'what it was before this call', ({ setting, change }) =>
      settingCell(setting, change?.before),
    ),
  ),
  onRequest(
    column('REQUESTED', 'what this call asked for', ({ setting, change }) =>
      settingCell(setting, change?.requested),
    ),
  ),
  onRequest(
    column('AFTER', 'what it is after this call', ({ setting, value }) =>
      settingCell(setting, value),
    ),
  ),
  onRequest(outcomeColumn),
  onRequest(
    column('WHY', 'why that is recommended', ({ recommended }) => recommended?.why, 'left'),
  ),
  onRequest(column('ACCEPTS', 'what it can be set to', (row) => acceptedValues(row).text, 'left')),
  onRequest(column('PLACE', 'the file and line that set it at a start', positionCell, 'left')),
  onRequest(column('FILE', 'the file of the kernel', ({ setting }) => setting.path, 'left')),
  onRequest(column('NEEDS', 'what has that file', ({ setting }) => setting.needs, 'left')),
]

const usual = tuneColumns.filter((each) => each.usual !== false).map(({ name }) => name)

/** Returns the columns of a call that sets: those of a change replace the usual ones. */
export const changeNames = (names: readonly string[]): readonly string[] =>
  usual.every((name, at) => names[at] === name)
    ? ['KEY', 'BEFORE', 'REQUESTED', 'AFTER', 'OUTCOME', ...names.slice(usual.length)]
    : names
