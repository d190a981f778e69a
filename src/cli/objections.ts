import { type HugepoolError, usage } from '../errors.ts'
import type { Option } from './options/option.ts'
import { suggestion } from './suggest.ts'

/** What yargs read, and by what it was told to judge it. */
export interface ParsedWords {
  readonly read: Readonly<Record<string, unknown>>
  readonly options: readonly Option[]
  readonly operands: OperandsOf
}

/** How many operands the named command takes. */
export interface OperandsOf {
  readonly name: string
  readonly usage: string
  readonly least: number
  readonly most: number
}

/** What yargs is told to say of too few and of too many operands. */
export const tooFew = 'too few operands'
export const tooMany = 'too many operands'

type Wording = readonly [
  pattern: RegExp,
  error: (parsed: ParsedWords, one: string, other: string) => HugepoolError,
]

const spell = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`)

const optionOf = (options: readonly Option[], key: string): Option | undefined =>
  options.find(({ name, letter }) => key === name || key === letter)

const missingValue = ({ options }: ParsedWords, key: string): HugepoolError => {
  const { name, value } = optionOf(options, key) ?? { name: key }
  return usage(`--${name} needs a value: ${value}`)
}

/** The options that yargs does not know stand in what it read: its text joins their names. */
const unknownOption = ({ read, options }: ParsedWords): HugepoolError => {
  const isUnknown = (key: string) => key !== '_' && key !== '$0' && !optionOf(options, key)
  const name = Object.keys(read).find(isUnknown) ?? ''
  // A single letter is near to everything.
  const near =
    name.length > 1
      ? suggestion(
          name,
          options.map((option) => option.name),
        )
      : undefined
  return usage(`unknown option ${spell(name)}`, near && `did you mean --${near}?`)
}

const wrongChoice = ({ read, options }: ParsedWords, name: string): HugepoolError => {
  const choices = optionOf(options, name)?.choices ?? []
  return usage(`--${name} is one of ${choices.join(', ')}, not '${read[name]}'`)
}

const oneTooMany = ({ read, operands: { name, most } }: ParsedWords): HugepoolError => {
  const { _: before, '--': after } = read as Readonly<Record<string, readonly string[]>>
  return usage(`'${[...(before ?? []), ...(after ?? [])][most]}' is one word too many for ${name}`)
}

/** Texts of yargs and what hugepool says in their place, the most important ones first. */
const aboutOptions: readonly Wording[] = [
  [
    /^Argument unexpected for: (.*)$/s,
    ({ options }, key) => usage(`--${optionOf(options, key)?.name} takes no value`),
  ],
  [/^Not enough arguments following: (.*)$/s, missingValue],
  [/^Unknown arguments?: /, unknownOption],
  [/^Invalid values:\s+Argument: (.*?), Given: /, wrongChoice],
]

/** What does not matter to who asks for help. */
const aboutTheRest: readonly Wording[] = [
  [
    new RegExp(`^${tooFew}$`),
    ({ operands: { name, usage: form } }) => usage(`${name} needs an operand: ${form}`),
  ],
  [new RegExp(`^${tooMany}$`), oneTooMany],
  [
    /^Arguments (.*) and (.*) are mutually exclusive$/,
    (_, one, other) => usage(`--${one} and --${other} exclude each other`),
  ],
]

/** The first thing that is wrong, of all that yargs said; undefined where nothing matters. */
export const objection = (
  said: readonly string[],
  parsed: ParsedWords,
  helpIsAsked: boolean,
): HugepoolError | undefined => {
  for (const [pattern, error] of helpIsAsked ? aboutOptions : [...aboutOptions, ...aboutTheRest])
    for (const text of said) {
      const [found, one = '', other = ''] = pattern.exec(text) ?? []
      if (found !== undefined) return error(parsed, one, other)
    }
  // Its own words are better than silence.
  return helpIsAsked || said[0] === undefined ? undefined : usage(said[0])
}
