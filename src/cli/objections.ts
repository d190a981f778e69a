import { type HugepoolError, usage } from '../errors.ts'
import type { Option } from './options/option.ts'
import { suggestion } from './suggest.ts'

/** What yargs read, with the options and operands that it was told to expect. */
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

/** The messages that yargs is told to give for too few and for too many operands. */
export const tooFew = 'too few operands'
export const tooMany = 'too many operands'

type Wording = readonly [
  pattern: RegExp,
  error: (parsed: ParsedWords, one: string, other: string) => HugepoolError,
]

const spell = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`)

const optionOf = (options: readonly Option[], key: string): Option | undefined =>
  options.find(({ name, letter }) => key === name || key === letter)

/** yargs names the option by the letter that was typed, and not what value it needs. */
const missingValue = ({ options }: ParsedWords, key: string): HugepoolError => {
  const { name, value } = optionOf(options, key) ?? { name: key }
  return usage(`--${name} needs a value: ${value}`)
}

/**
 * Finds the unknown option in what yargs read, because the message of yargs joins the names of all.
 */
const unknownOption = ({ read, options }: ParsedWords): HugepoolError => {
  const isUnknown = (key: string) => key !== '_' && key !== '$0' && !optionOf(options, key)
  const name = Object.keys(read).find(isUnknown) ?? ''
  // A single letter is too short for a useful suggestion.
  const near =
    name.length > 1
      ? suggestion(
          name,
          options.map((option) => option.name),
        )
      : undefined
  return usage(`unknown option ${spell(name)}`, near && `did you mean --${near}?`)
}

/** The message of yargs spreads over lines, which an error of hugepool does not. */
const wrongChoice = ({ read, options }: ParsedWords, name: string): HugepoolError => {
  const choices = optionOf(options, name)?.choices ?? []
  return usage(`--${name} is one of ${choices.join(', ')}, not '${read[name]}'`)
}

/** yargs tells how many operands there are, and not which one is too many. */
const oneTooMany = ({ read, operands: { name, most } }: ParsedWords): HugepoolError => {
  const { _: before, '--': after } = read as Readonly<Record<string, readonly string[]>>
  return usage(`'${[...(before ?? []), ...(after ?? [])][most]}' is one word too many for ${name}`)
}

/** Messages of yargs and the errors that replace them, the most important ones first. */
const aboutOptions: readonly Wording[] = [
  [
    /^Argument unexpected for: (.*)$/s,
    ({ options }, key) => usage(`--${optionOf(options, key)?.name} takes no value`),
  ],
  [/^Not enough arguments following: (.*)$/s, missingValue],
  [/^Unknown arguments?: /, unknownOption],
  [/^Invalid values:\s+Argument: (.*?), Given: /, wrongChoice],
]

/** Messages that are ignored where --help or --version is given. */
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

/**
 * Returns the most important error of all that yargs said; undefined where nothing matters. yargs
 * goes on after an error, so there may be several.
 */
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
  // A message that is not listed above is shown in the words of yargs.
  return helpIsAsked || said[0] === undefined ? undefined : usage(said[0])
}
