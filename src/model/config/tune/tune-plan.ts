import { type HugepoolError, refused, unsupported, usage } from '../../../errors.ts'
import { approximateBytes } from '../../words/bytes.ts'
import type { FoundSetting } from './found-setting.ts'
import type { TunedSetting } from './setting-kind.ts'
import { fileValue, type SettingValue, settingText, type TypedValue } from './setting-value.ts'
import type { TuneFacts } from './tune-facts.ts'
import type { SettingRequest } from './tune-request.ts'

/** One write, and the value against which it was planned. */
export interface SettingStep {
  readonly setting: TunedSetting
  readonly path: string
  readonly value: string
  readonly before: SettingValue
  readonly requested: SettingValue
}

/** A setting that was asked for, with its value before. */
export interface WantedSetting {
  readonly setting: TunedSetting
  readonly before: SettingValue
  readonly requested: SettingValue
}

/** What would be done. What is as asked for already is in `wanted`, and has no step. */
export interface TunePlan {
  readonly wanted: readonly WantedSetting[]
  readonly steps: readonly SettingStep[]
}

/** Finds the number of a group. Throws E_USAGE for a name that no group has. */
export type FindGroup = (word: string) => bigint

/** Makes the error of a kernel or machine that lacks the file of a setting: E_UNSUPPORTED. */
const missingSetting = ({ key, path, needs }: TunedSetting): HugepoolError =>
  unsupported('no-feature', `${key}: there is no ${path}`, `it takes ${needs}`)

const pagesIn = ({ key }: TunedSetting, bytes: bigint, { basePage }: TuneFacts): bigint => {
  if (bytes % basePage === 0n) return bytes / basePage
  const below = bytes - (bytes % basePage)
  throw usage(
    `${key}: ${bytes} bytes are no whole number of base pages`,
    `${below} and ${below + basePage} are`,
    'not-whole',
  )
}

const valueMeant = (
  setting: TunedSetting,
  typed: TypedValue,
  facts: TuneFacts,
  findGroup: FindGroup,
): SettingValue => {
  if (typed.as === 'group') return findGroup(typed.word)
  return typed.as === 'memory' ? pagesIn(setting, typed.bytes, facts) : typed.value
}

const checkLimit = (setting: TunedSetting, value: SettingValue, facts: TuneFacts): void => {
  const { key, accepts, limit } = setting
  const most = limit?.most(facts)
  if (limit === undefined || most === undefined || typeof value !== 'bigint' || value <= most)
    return
  const text = accepts.kind === 'bytes' ? approximateBytes(most) : `${most}`
  throw refused(
    'limit',
    `${key}: ${settingText(setting, value)} is more than ${text}, ${limit.why}`,
  )
}

const checkChoice = ({ setting, choices }: FoundSetting, value: SettingValue): void => {
  if (choices === undefined || typeof value !== 'string' || choices.includes(value)) return
  throw unsupported(
    'no-feature',
    `${setting.key}: this kernel has no '${value}'`,
    `it has ${choices.join(', ')}`,
  )
}

/**
 * Plans the writes of a request against what was found, in the order of the request. Throws
 * E_USAGE, E_REFUSED and E_UNSUPPORTED for a value that cannot be on this machine, so that nothing
 * is written.
 */
export const planTuning = (
  requests: readonly SettingRequest[],
  found: (setting: TunedSetting) => FoundSetting,
  facts: TuneFacts,
  findGroup: FindGroup,
): TunePlan => {
  const wanted = requests.map(({ setting, value: typed }): WantedSetting => {
    const now = found(setting)
    const requested = valueMeant(setting, typed, facts, findGroup)
    if (now.value === undefined) throw missingSetting(setting)
    checkLimit(setting, requested, facts)
    checkChoice(now, requested)
    return { setting, before: now.value, requested }
  })
  const steps = wanted
    .filter(({ before, requested }) => before !== requested)
    .map((each) => ({
      ...each,
      path: each.setting.path,
      value: fileValue(each.setting, each.requested),
    }))
  return { wanted, steps }
}
