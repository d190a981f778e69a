import type { PageSize } from '../../words/page-size.ts'
import type { TunedSetting } from './setting-kind.ts'
import { sysctlSettings } from './sysctl-settings.ts'
import { sizedSetting, thpSettings } from './thp-settings.ts'

/** The settings that every machine could have, in the order in which they are shown. */
export const fixedSettings: readonly TunedSetting[] = [...sysctlSettings, ...thpSettings]

/** All settings of a machine that has transparent huge pages of these sizes. */
export const settingsFor = (sizes: readonly PageSize[]): readonly TunedSetting[] => [
  ...fixedSettings,
  ...sizes.map(sizedSetting),
]

export const settingKeys: readonly string[] = fixedSettings.map(({ key }) => key)

/** The file of a setting that every machine could have. */
export const pathOfSetting = (key: string): string =>
  fixedSettings.find((setting) => setting.key === key)?.path ?? ''
