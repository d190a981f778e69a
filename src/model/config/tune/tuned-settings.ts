import { fromKilobytes } from '../../words/bytes.ts'
import type { PageSize } from '../../words/page-size.ts'
import type { TunedSetting } from './setting-kind.ts'
import { sysctlSettings } from './sysctl-settings.ts'
import { sizedSetting, thpDirectory, thpSettings } from './thp-settings.ts'

/** The settings that every machine could have, in the order in which they are shown. */
export const fixedSettings: readonly TunedSetting[] = [...sysctlSettings, ...thpSettings]

/** Returns all settings of a machine that has transparent huge pages of these sizes. */
export const settingsFor = (sizes: readonly PageSize[]): readonly TunedSetting[] => [
  ...fixedSettings,
  ...sizes.map(sizedSetting),
]

export const settingKeys: readonly string[] = fixedSettings.map(({ key }) => key)

/** Returns the file of a setting that every machine could have. A key of none is a fault of the program. */
export const pathOfSetting = (key: string): string => {
  const setting = fixedSettings.find((one) => one.key === key)
  if (setting === undefined) throw new Error(`no setting: ${key}`)
  return setting.path
}

const sizedPath = new RegExp(`^${thpDirectory}/hugepages-([1-9]\\d*)kB/enabled$`)

/** Finds the setting that has a file of the kernel; undefined where none has it. */
export const settingAt = (path: string): TunedSetting | undefined => {
  const size = sizedPath.exec(path)?.[1]
  return size === undefined
    ? fixedSettings.find((setting) => setting.path === path)
    : sizedSetting(fromKilobytes(size))
}
