import type { Outcome } from '../../pools/pool-change.ts'
import { present } from '../../words/present.ts'
import type { FoundSetting } from './found-setting.ts'
import type { TunedSetting } from './setting-kind.ts'
import { type SettingValue, settingText } from './setting-value.ts'
import type { WantedSetting } from './tune-plan.ts'

/** A setting before and after a call. */
export interface SettingChange extends WantedSetting {
  /** The value afterwards; absent where the kernel does not show it any more. */
  readonly after?: SettingValue
  readonly outcome: Outcome
}

const settingOutcome = (
  { before, requested }: WantedSetting,
  after: SettingValue | undefined,
): Outcome => {
  if (after !== requested) return 'partial'
  return before === requested ? 'unchanged' : 'done'
}

/** Compares what was asked for with what there is now. */
export const settingChanges = (
  wanted: readonly WantedSetting[],
  found: (setting: TunedSetting) => FoundSetting,
): readonly SettingChange[] =>
  wanted.map((each) => {
    const { value: after } = found(each.setting)
    return { ...each, ...present({ after }), outcome: settingOutcome(each, after) }
  })

/** Sums up the outcomes of a whole call. */
export const tuneOutcome = (changes: readonly Pick<SettingChange, 'outcome'>[]): Outcome => {
  if (changes.some(({ outcome }) => outcome === 'partial')) return 'partial'
  return changes.some(({ outcome }) => outcome === 'done') ? 'done' : 'unchanged'
}

/** Says what fell short. */
export const settingChangeWords = ({
  setting,
  requested,
  after,
  outcome,
}: SettingChange): readonly string[] =>
  outcome === 'partial'
    ? [
        `${setting.key}: asked for ${settingText(setting, requested)}, got ${
          after === undefined ? 'nothing' : settingText(setting, after)
        }`,
      ]
    : []
