import { persistedPosition } from './found-setting.ts'
import type { OverriddenSetting } from './overridden-setting.ts'
import type { KeptSetting } from './own-start-file.ts'
import { settingText } from './setting-value.ts'

/** What the files of a start set from now on, and what overrides it. */
export interface KeptWordsFacts {
  readonly files: readonly {
    readonly path: string
    readonly outcome: 'done' | 'unchanged'
    readonly settings: readonly KeptSetting[]
  }[]
  readonly overriddenBy: readonly OverriddenSetting[]
  /** Whether something is seen that reads the files at a start. */
  readonly isRead: boolean
}

type ToldFile = KeptWordsFacts['files'][number]

const toldSettings = ({ path, outcome, settings }: ToldFile): readonly string[] =>
  settings.map(({ setting, value }) => {
    const { key } = setting
    if (value === undefined)
      return outcome === 'unchanged'
        ? `${path}: has nothing of ${key}`
        : `${path}: has nothing of ${key} any more`
    const already = outcome === 'unchanged' ? ' already' : ''
    return `${path}: sets ${key} to ${settingText(setting, value)} at every start${already}`
  })

const setsAny = ({ files }: KeptWordsFacts): boolean =>
  files.some(({ settings }) => settings.some(({ value }) => value !== undefined))

const valueWords = ({ setting, text, value }: OverriddenSetting): string =>
  `${setting.key} to ${value === undefined ? text : settingText(setting, value)}`

/**
 * Says that a line of others wins. Where settings are only taken out of a file, it has nothing to
 * win against.
 */
const wins = (facts: KeptWordsFacts): string => (setsAny(facts) ? ', and wins' : '')

/** Says what the files set, and which lines of others win. */
export const startFileWords = (facts: KeptWordsFacts): readonly string[] => [
  ...facts.files.flatMap(toldSettings),
  ...facts.overriddenBy.map(
    (each) => `${persistedPosition(each)}: sets ${valueWords(each)} at a start${wins(facts)}`,
  ),
  ...(facts.isRead || !setsAny(facts)
    ? []
    : ['no systemd is seen here: whether anything reads the file at a start is not known']),
]

/**
 * Says what to do about a line of others. The file of a package would come back with its next
 * version, and a file of its name below /etc takes its place.
 */
const hintOnFile = (file: string): string =>
  /^(?:\/usr)?\/lib\/.*\.(?:conf|service)$/.test(file)
    ? `have a copy of ${file} below /etc say the same: it takes its place`
    : `remove the line from ${file}, or have it say the same`

/** Says how a person can make the files of others agree: hugepool removes nothing from them. */
export const startFileHints = (facts: KeptWordsFacts): readonly string[] =>
  setsAny(facts) ? [...new Set(facts.overriddenBy.map(({ file }) => hintOnFile(file)))] : []
