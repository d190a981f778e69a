import { type HugepoolError, usage } from '../../../errors.ts'
import { type Bytes, decimalPattern, formatBytes, isBytes, parseBytes } from '../../words/bytes.ts'
import type { CountedKind, TunedSetting } from './setting-kind.ts'

/** A number of what the kind counts (bytes, base pages, an id), or one of the kernel's words. */
export type SettingValue = bigint | string

/** A value as it was typed. Base pages and groups are known only on a machine. */
export type TypedValue =
  | { readonly as: 'value'; readonly value: SettingValue }
  | { readonly as: 'memory'; readonly bytes: Bytes }
  | { readonly as: 'group'; readonly word: string }

const asValue = (value: SettingValue): TypedValue => ({ as: 'value', value })

/** Adds the word for no limit, where a setting has one. */
const orMax = ({ max }: CountedKind): string => (max === undefined ? '' : ', or max')

const upTo = (limit: TunedSetting['limit']): string =>
  limit === undefined ? '' : `, up to ${limit.upTo}`

/** Writes the forms of a value, with bounds that hold on every machine. */
const formsOf = ({ accepts, limit }: TunedSetting): string => {
  switch (accepts.kind) {
    case 'group':
      return 'a group is given by name or number'
    case 'choice':
      return `one of ${accepts.choices.join(', ')}`
    case 'switch':
      return '0 or 1'
    case 'bytes':
      return `an amount of memory, as in 64M or 1G${upTo(limit)}${orMax(accepts)}`
    case 'pages':
      return `a number of base pages, or an amount of memory as in 64G${orMax(accepts)}`
    case 'number':
      return `a number from ${accepts.least} to ${limit?.upTo ?? accepts.most}`
  }
}

const wrongValue = (setting: TunedSetting, text: string): HugepoolError =>
  usage(`'${text}' is no value of ${setting.key}`, formsOf(setting))

/**
 * Reads an amount of memory, or digits alone as a number that the kernel counts; undefined for an
 * amount of more than 2^63 - 1 bytes.
 */
const amountIn = (text: string): bigint | undefined =>
  decimalPattern.test(text) ? BigInt(text) : parseBytes(text)

const outOfBounds = ({ key }: TunedSetting, text: string, bound: string): HugepoolError =>
  usage(`'${text}' is no value of ${key}: ${bound}`)

/** Writes a number of a kind for people, in a form that can be typed. */
const countedText = ({ kind, max }: CountedKind, value: bigint): string => {
  if (value === max) return 'max'
  return kind === 'bytes' ? formatBytes(value) : `${value}`
}

const withinBounds = (setting: TunedSetting, accepts: CountedKind, text: string, value: bigint) => {
  const { least, most, unit = 1n } = accepts
  if (value < least) throw outOfBounds(setting, text, `the least is ${countedText(accepts, least)}`)
  if (value > most)
    throw outOfBounds(
      setting,
      text,
      `the most is ${setting.limit?.upTo ?? countedText(accepts, most)}`,
    )
  const rest = value % unit
  if (rest === 0n) return value
  const [below, above] = [value - rest, value - rest + unit].map((each) => formatBytes(each))
  throw usage(
    `${setting.key}: ${text} is no whole number of ${formatBytes(unit)}`,
    `${below} and ${above} are`,
    'not-whole',
  )
}

const parseCounted = (setting: TunedSetting, accepts: CountedKind, text: string): TypedValue => {
  if (text === 'max' && accepts.max !== undefined) return asValue(accepts.max)
  const { kind } = accepts
  const isCount = decimalPattern.test(text)
  if (!isCount && (kind === 'number' || !isBytes(text))) throw wrongValue(setting, text)
  const amount = amountIn(text)
  if (amount === undefined) throw outOfBounds(setting, text, 'it is too large')
  if (kind === 'pages' && !isCount) return { as: 'memory', bytes: amount }
  return asValue(withinBounds(setting, accepts, text, amount))
}

/** Reads a value that was typed. Throws E_USAGE for what the setting can never be. */
export const parseSettingValue = (setting: TunedSetting, text: string): TypedValue => {
  const { accepts } = setting
  switch (accepts.kind) {
    case 'group':
      if (text === '' || text.includes('\0')) throw wrongValue(setting, text)
      return { as: 'group', word: text }
    case 'choice':
      if (!accepts.choices.includes(text)) throw wrongValue(setting, text)
      return asValue(text)
    case 'switch':
      if (text !== '0' && text !== '1') throw wrongValue(setting, text)
      return asValue(BigInt(text))
    default:
      return parseCounted(setting, accepts, text)
  }
}

/** Writes a value as it can be typed. */
export const settingText = ({ accepts }: TunedSetting, value: SettingValue): string =>
  typeof value === 'bigint' && 'least' in accepts ? countedText(accepts, value) : `${value}`

const unitOf = ({ accepts }: TunedSetting): bigint => ('unit' in accepts && accepts.unit) || 1n

/** Writes a value as it stands in the file of the kernel. */
export const fileValue = (setting: TunedSetting, value: SettingValue): string =>
  typeof value === 'bigint' ? `${value / unitOf(setting)}` : value

/**
 * Reads the words of a file such as `always [madvise] never`, of which the one in brackets is
 * chosen; undefined where none is, as in a recording that was written to.
 */
export const choicesIn = (text: string): readonly string[] | undefined => {
  if (!text.includes('[')) return undefined
  return text
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^\[(.*)\]$/, '$1'))
}

/** Reads what a file holds; undefined for what is no value of the setting. */
export const valueInFile = (setting: TunedSetting, text: string): SettingValue | undefined => {
  const trimmed = text.trim()
  if (setting.accepts.kind === 'choice')
    return /\[([^\]\s]+)\]/.exec(trimmed)?.[1] ?? valueWritten(setting, trimmed)
  return /^\d+$/.test(trimmed) ? BigInt(trimmed) * unitOf(setting) : undefined
}

/**
 * Reads what a file of a start writes into the file of a setting; undefined for what is no value.
 */
export const valueWritten = (setting: TunedSetting, text: string): SettingValue | undefined => {
  const { accepts } = setting
  if (accepts.kind === 'choice') return accepts.choices.find((each) => each === text)
  return decimalPattern.test(text) ? BigInt(text) * unitOf(setting) : undefined
}
