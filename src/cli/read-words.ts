import { usage } from '../errors.ts'
import type { Words } from './command.ts'
import { type OperandsOf, objection, tooFew, tooMany } from './objections.ts'
import { helpOption, isSwitch, isValued, type Option, versionOption } from './options/option.ts'
import { quietYargs } from './quiet-yargs.ts'
import { splitWords } from './split-words.ts'

const namesOf = (options: readonly Option[]): readonly string[] => options.map(({ name }) => name)

/** Makes a record with an entry for every option for which `part` returns a value. */
const tabled = <Part>(options: readonly Option[], part: (option: Option) => Part | undefined) =>
  Object.fromEntries(
    options.flatMap((option) => {
      const found = part(option)
      return found === undefined ? [] : [[option.name, found] as const]
    }),
  )

/**
 * Makes a yargs that knows one command. Declaring all commands takes longer than most commands run.
 */
const yargsFor = (options: readonly Option[], { least, most }: OperandsOf) =>
  quietYargs()
    .alias(tabled(options, ({ letter }) => letter))
    .boolean(namesOf(options.filter(isSwitch)))
    .string(namesOf(options.filter(isValued)))
    .nargs(tabled(options, ({ value }) => (value === undefined ? 0 : 1)))
    .choices(tabled(options, ({ choices }) => choices))
    .conflicts(tabled(options, ({ excludes }) => excludes))
    .demandCommand(least, most, tooFew, tooMany)
    .strictOptions()

/**
 * Throws E_USAGE for options that yargs would misread. It accepts a letter after two dashes, cuts a
 * name at the end of a line, keeps the names `_` and `$0` for itself, answers its own completion
 * instead of checking anything, and fails on names that every JavaScript object has.
 */
const checkNames = (words: readonly string[]): void => {
  for (const word of words) {
    const [, name] = /^--([^=]+|=.*)/s.exec(word) ?? []
    if (
      name !== undefined &&
      (/^(?:[^-]|\$0|get-yargs-completions)$|^=|[\n\r\u2028\u2029]/.test(name) || name in {})
    )
      throw usage(`unknown option --${name}`)
  }
}

/** Matches a word that yargs takes for an operand although it begins with a dash. */
const negativeNumber = /^-\d+(?:\.\d+)?$/

/** Throws E_USAGE for an unknown letter before a `--`, which yargs would take as its value. */
const checkLetter = (word: string, options: readonly Option[]): void => {
  const [, letter] = /^-([^-])/.exec(word) ?? []
  if (letter === undefined || negativeNumber.test(word)) return
  if (!options.some((option) => option.letter === letter)) throw usage(`unknown option -${letter}`)
}

/** Throws E_USAGE for words before a `--` that yargs would misread. */
const checkSpelling = (words: readonly string[], options: readonly Option[]): void => {
  const end = words.indexOf('--')
  checkNames(end < 0 ? words : words.slice(0, end))
  if (end > 0) checkLetter(words[end - 1] ?? '', options)
}

/**
 * Throws E_USAGE for a repeated option, which yargs reads as a list, and for an empty value, which
 * yargs accepts.
 */
const checkValue = ({ name, value }: Option, given: unknown): void => {
  if (Array.isArray(given)) throw usage(`--${name} is given twice`)
  if (given === '') throw usage(`--${name} needs a value: ${value}`)
}

/** Gives an option that is typed without a value the one that it then has. */
const withBareValues = (
  words: readonly string[],
  options: readonly Option[],
): readonly string[] => {
  const end = words.indexOf('--')
  return words.map((word, index) => {
    const { bare } = options.find(({ name }) => word === `--${name}`) ?? {}
    return bare === undefined || (end >= 0 && index > end) ? word : `${word}=${bare}`
  })
}

/**
 * Reads all words of a command line except the name of the command. Throws E_USAGE for wrong ones.
 */
export const readWords = (
  typed: readonly string[],
  options: readonly Option[],
  operands: OperandsOf,
): Words => {
  const words = withBareValues(splitWords(typed, options), options)
  checkSpelling(words, options)
  const said: string[] = []
  const read: Readonly<Record<string, unknown>> & { readonly _: readonly unknown[] } = yargsFor(
    options,
    operands,
  )
    .fail((message) => said.push(message))
    .parseSync(words)
  const valued = options.filter(isValued)
  for (const option of valued) checkValue(option, read[option.name])
  const helpIsAsked = Boolean(read[helpOption.name] ?? read[versionOption.name])
  const wrong = objection(said, { read, options, operands }, helpIsAsked)
  if (wrong !== undefined) throw wrong
  return {
    operands: read._.map(String),
    values: Object.fromEntries(
      namesOf(valued).flatMap((name) => (name in read ? [[name, String(read[name])]] : [])),
    ),
    switches: new Set(namesOf(options.filter(isSwitch)).filter((name) => read[name] === true)),
  }
}
