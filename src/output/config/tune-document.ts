import { acceptedValues } from '../../model/config/tune/accepted-values.ts'
import type { ShownSetting } from '../../model/config/tune/found-setting.ts'
import type { KeptWordsFacts } from '../../model/config/tune/kept-setting-words.ts'
import { fileValue } from '../../model/config/tune/setting-value.ts'
import type { SettingChange } from '../../model/config/tune/tune-change.ts'
import type {
  KeptSettingsDocument,
  SettingChangeDocument,
  SettingDocument,
} from '../schemas/documents.ts'

/** Returns a setting in the form of JSON documents. */
export const settingDocument = (shown: ShownSetting): SettingDocument => {
  const { setting, value, choices, group, recommended, persisted } = shown
  const { text: accepts, bounds } = acceptedValues(shown)
  return {
    key: setting.key,
    path: setting.path,
    kind: setting.accepts.kind,
    value,
    group,
    choices,
    accepts,
    least: bounds?.least,
    most: bounds?.most,
    recommended: recommended?.value,
    why: recommended?.why,
    persisted: persisted && { ...persisted },
    needs: setting.needs,
  }
}

/** Returns a change of a setting in the form of JSON documents. */
export const settingChangeDocument = (change: SettingChange): SettingChangeDocument => {
  const { setting, before, requested, after, outcome } = change
  return { key: setting.key, path: setting.path, before, requested, after, outcome }
}

/** Returns what files of a start say in the form of JSON documents. */
export const startFilesDocument = ({
  files,
  overriddenBy,
  isRead,
}: KeptWordsFacts): KeptSettingsDocument => ({
  read: isRead,
  files: files.map(({ path, outcome, settings }) => ({
    path,
    outcome,
    keys: settings.map(({ setting, value }) => ({
      key: setting.key,
      value: value === undefined ? undefined : fileValue(setting, value),
    })),
  })),
  overriddenBy:
    overriddenBy.length === 0
      ? undefined
      : overriddenBy.map(({ setting, file, line, text }) => ({
          key: setting.key,
          file,
          line,
          text,
        })),
})
