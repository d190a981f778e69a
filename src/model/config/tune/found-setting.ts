import type { Recommended } from './recommended-values.ts'
import type { TunedSetting } from './setting-kind.ts'
import type { SettingValue } from './setting-value.ts'
import type { TuneFacts } from './tune-facts.ts'

/** A setting as a machine has it. */
export interface FoundSetting {
  readonly setting: TunedSetting
  /** The value; absent where the kernel lacks the file, or does not show it. */
  readonly value?: SettingValue
  /** The words that this kernel takes, where the setting is one of several words. */
  readonly choices?: readonly string[]
  /** The name of the group whose number the value is. */
  readonly group?: string
}

/** Where a file sets a setting at a start, and to what. */
export interface PersistedSetting {
  readonly file: string
  /** The number of the line, from 1 on; absent where it cannot be told. */
  readonly line?: number
  /** The text that is written there. */
  readonly text: string
  /** The value that the text means; absent where it is no value of the setting. */
  readonly value?: SettingValue
}

/** Writes the position of what sets a setting: `/etc/sysctl.d/99-db.conf:2`. */
export const persistedPosition = ({ file, line }: PersistedSetting): string =>
  line === undefined ? file : `${file}:${line}`

/** All that `tune` shows of a setting. */
export interface ShownSetting extends FoundSetting {
  readonly recommended?: Recommended
  /** The largest value that this machine allows; absent where machines do not differ in it. */
  readonly most?: bigint
  readonly persisted?: PersistedSetting
}

/**
 * Returns what is recommended for a setting, which is never less than what it is now; undefined
 * where nothing is.
 */
export const recommendedFor = (
  { setting, value }: FoundSetting,
  facts: TuneFacts,
): Recommended | undefined => {
  const least = typeof value === 'bigint' ? setting.recommend?.(facts) : undefined
  if (least === undefined || typeof value !== 'bigint') return undefined
  return { ...least, value: least.value > value ? least.value : value }
}
