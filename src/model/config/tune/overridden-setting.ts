import type { PersistedSetting } from './found-setting.ts'
import type { KeptSetting } from './own-start-file.ts'
import { persistedSetting, type StartFiles } from './persisted-setting.ts'
import type { TunedSetting } from './setting-kind.ts'

/** A line of somebody else's that sets a setting at a start in the end. */
export interface OverriddenSetting extends PersistedSetting {
  readonly setting: TunedSetting
}

const isAsKept = ({ value }: KeptSetting, found: PersistedSetting): boolean => found.value === value

/** Of settings that are kept, or not any more, those that another file sets otherwise. */
export const overriddenSettings = (
  kept: readonly KeptSetting[],
  files: StartFiles,
): readonly OverriddenSetting[] =>
  kept.flatMap((each) => {
    const { setting } = each
    const found = persistedSetting(setting, files)
    return found === undefined || isAsKept(each, found) ? [] : [{ setting, ...found }]
  })
