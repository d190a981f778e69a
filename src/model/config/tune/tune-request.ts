import { usage } from '../../../errors.ts'
import { nearWord } from '../../words/near-word.ts'
import { parseSize } from '../../words/page-size.ts'
import type { TunedSetting } from './setting-kind.ts'
import { parseSettingValue, type TypedValue } from './setting-value.ts'
import { sizedSetting } from './thp-settings.ts'
import { fixedSettings, settingKeys } from './tuned-settings.ts'

/** A setting and the value that it is to have. */
export interface SettingRequest {
  readonly setting: TunedSetting
  readonly value: TypedValue
}

/** What `tune` is asked: settings to be shown, all where there are none, or values to be set. */
export type TuneWords =
  | { readonly do: 'show'; readonly settings: readonly TunedSetting[] }
  | { readonly do: 'set'; readonly requests: readonly SettingRequest[] }

/**
 * Finds a setting by its key. `thp.SIZE` is one on machines with such huge pages. Throws E_USAGE
 * for any other key.
 */
export const parseSettingKey = (key: string): TunedSetting => {
  const known = fixedSettings.find((setting) => setting.key === key)
  if (known !== undefined) return known
  const [, word] = /^thp\.(.*)$/s.exec(key) ?? []
  if (word !== undefined) {
    const size = parseSize(word)
    if (size === 'default')
      throw usage(`'${key}' is no setting`, 'thp. stands before a size: thp.64K')
    return sizedSetting(size)
  }
  const near = nearWord(key, settingKeys)
  throw usage(
    `'${key}' is no setting`,
    near === undefined
      ? `the settings are ${settingKeys.join(', ')} and thp.SIZE`
      : `did you mean ${near}?`,
  )
}

const checkOnce = (settings: readonly TunedSetting[]): void => {
  const twice = settings.find(({ key }, at) => settings.findIndex((each) => each.key === key) < at)
  if (twice !== undefined) throw usage(`${twice.key} is named twice`)
}

const parseRequest = (word: string): SettingRequest => {
  const at = word.indexOf('=')
  const setting = parseSettingKey(word.slice(0, at))
  return { setting, value: parseSettingValue(setting, word.slice(at + 1)) }
}

/** Reads the operands: KEY... or KEY=VALUE.... Throws E_USAGE, also for a mixture of both. */
export const parseTuneWords = (words: readonly string[]): TuneWords => {
  const [bare] = words.filter((word) => !word.includes('='))
  if (words.some((word) => word.includes('='))) {
    if (bare !== undefined)
      throw usage(`'${bare}' has no value`, 'write KEY=VALUE to set, or KEY alone to look')
    const requests = words.map(parseRequest)
    checkOnce(requests.map(({ setting }) => setting))
    return { do: 'set', requests }
  }
  const settings = words.map(parseSettingKey)
  checkOnce(settings)
  return { do: 'show', settings }
}
