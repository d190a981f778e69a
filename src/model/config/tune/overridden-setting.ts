import type { PersistedSetting } from './found-setting.ts'
import type { KeptSetting } from './own-start-file.ts'
import { type StartFiles, settingAtStart } from './persisted-setting.ts'
import type { TunedSetting } from './setting-kind.ts'

/** A line in a file of somebody else which decides what a setting is after a start. */
export interface OverriddenSetting extends PersistedSetting {
  readonly setting: TunedSetting
}

const isAsKept = ({ value }: KeptSetting, found: PersistedSetting): boolean => found.value === value

/**
 * Finds the settings, among those that were kept or taken out, that a file of somebody else sets to
 * another value.
 */
export const overriddenSettings = (
  kept: readonly KeptSetting[],
  files: StartFiles,
): readonly OverriddenSetting[] =>
  kept.flatMap((each) => {
    const { setting } = each
    const found = settingAtStart(setting, files)
    return found === undefined || isAsKept(each, found) ? [] : [{ setting, ...found }]
  })
