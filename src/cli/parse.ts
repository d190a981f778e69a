import parser from 'yargs-parser'
import { type HugepoolError, usage } from '../errors.ts'
import type { AnyCommand, Words } from './command.ts'
import { commands, defaultCommand, findCommand } from './commands.ts'
import { commonOptions, help, type Option, version } from './options/option.ts'
import { splitWords } from './split-words.ts'
import { suggestion } from './suggest.ts'

/** What was typed: a command to run, or one to be told about. */
export type Parsed =
  | { readonly kind: 'run'; readonly command: AnyCommand; readonly words: Words }
  | { readonly kind: 'help'; readonly command?: AnyCommand }
  | { readonly kind: 'version' }

export const optionsOf = (command: AnyCommand): readonly Option[] => [
  ...command.options,
  ...commonOptions,
]

/** Nothing is guessed: no numbers, no camel case, no `--no-`, no dots. Repeated values are kept. */
const configuration = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'duplicate-arguments-array': true,
  'flatten-duplicate-arrays': true,
  'greedy-arrays': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'populate--': false,
  'short-option-groups': true,
  'strip-aliased': true,
}

const isSwitch = (option: Option): boolean => option.value === undefined
const isValued = (option: Option): boolean => option.value !== undefined

/** Words before `--` that look like options, without their values. */
const optionWords = (words: readonly string[]): readonly string[] => {
  const end = words.indexOf('--')
  return (end < 0 ? words : words.slice(0, end)).filter((word) => /^-./.test(word))
}

const spell = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`)

const checkSwitch = (option: Option, words: readonly string[]): void => {
  const withValue = optionWords(words).find((word) => word.startsWith(`--${option.name}=`))
  if (withValue !== undefined) throw usage(`--${option.name} takes no value`)
}

const givenValue = (option: Option, value: unknown): string => {
  if (Array.isArray(value)) throw usage(`--${option.name} is given twice`)
  if (typeof value !== 'string' || value === '')
    throw usage(`--${option.name} needs a value: ${option.value}`)
  if (option.choices !== undefined && !option.choices.includes(value))
    throw usage(`--${option.name} is one of ${option.choices.join(', ')}, not '${value}'`)
  return value
}

const unknownOption = (name: string, options: readonly Option[]): HugepoolError => {
  const names = options.map((option) => option.name)
  // A single letter is near to everything.
  const near = name.length > 1 ? suggestion(name, names) : undefined
  return usage(`unknown option ${spell(name)}`, near && `did you mean --${near}?`)
}

/** Parses what follows the name of a command. Throws E_USAGE. */
const parseOptions = (typed: readonly string[], options: readonly Option[]): Words => {
  const words = splitWords(typed, options)
  const switches = options.filter(isSwitch)
  const valued = options.filter(isValued)
  const { _: operands, ...parsed } = parser(words, {
    alias: Object.fromEntries(options.map(({ name, letter }) => [name, letter ? [letter] : []])),
    boolean: switches.map(({ name }) => name),
    string: [...valued.map(({ name }) => name), '_'],
    configuration,
  })
  for (const name of Object.keys(parsed))
    if (!options.some((option) => option.name === name)) throw unknownOption(name, options)
  for (const option of switches) checkSwitch(option, words)
  const letter = optionWords(words).find((word) => /^--[^-](?:=|$)/.test(word))
  if (letter !== undefined) throw usage(`unknown option ${letter}`)
  const given = valued.filter(({ name }) => name in parsed)
  return {
    operands: operands.map(String),
    values: Object.fromEntries(
      given.map((option) => [option.name, givenValue(option, parsed[option.name])]),
    ),
    switches: new Set(switches.map(({ name }) => name).filter((name) => parsed[name])),
  }
}

const checkOperands = (command: AnyCommand, { operands }: Words): void => {
  const { least, most, usage: form } = command.operands
  if (operands.length < least) throw usage(`${command.name} needs an operand: ${form}`)
  const extra = operands[most]
  if (extra !== undefined) throw usage(`'${extra}' is one word too many for ${command.name}`)
}

const unknownCommand = (word: string): HugepoolError => {
  const near = suggestion(
    word,
    commands.map(({ name }) => name),
  )
  const known = `the commands are ${commands.map(({ name }) => name).join(', ')}`
  return usage(`unknown command '${word}'`, near ? `did you mean ${near}?` : known)
}

/** Where the first word stands that is neither an option nor the value of one; -1 for nowhere. */
export const commandIndex = (words: readonly string[]): number => {
  const all = commands.flatMap(optionsOf)
  // `--persist` takes a value of mount and none of umount.
  const takesNext = (word: string | undefined, next: string): boolean => {
    const meant = all.filter(({ name, letter }) => word === `--${name}` || word === `-${letter}`)
    return meant.some(isValued) && !(meant.some(isSwitch) && findCommand(next))
  }
  const index = words.findIndex(
    (word, place) => word === '--' || (!/^-./.test(word) && !takesNext(words[place - 1], word)),
  )
  return words[index] === '--' ? -1 : index
}

/** The command, and all other words: options may stand before it as well. */
const commandOf = (typed: readonly string[]) => {
  const index = commandIndex(typed)
  const word = typed[index]
  if (word === undefined) return { command: undefined, rest: typed }
  const command = findCommand(word)
  if (command === undefined) throw unknownCommand(word)
  return { command, rest: typed.toSpliced(index, 1) }
}

const isHelpWord = (typed: readonly string[]): boolean => typed[0] === 'help'

/** Takes a command line apart. Throws E_USAGE; touches nothing. */
export const parse = (typed: readonly string[]): Parsed => {
  const split = splitWords(typed, optionsOf(defaultCommand))
  const asksForHelp = isHelpWord(split)
  const { command, rest } = commandOf(asksForHelp ? split.slice(1) : split)
  const words = parseOptions(rest, optionsOf(command ?? defaultCommand))
  const stray = asksForHelp ? words.operands[0] : undefined
  if (stray !== undefined) throw usage(`'${stray}' is one word too many for help`)
  if (words.switches.has(help.name) || asksForHelp)
    return command === undefined ? { kind: 'help' } : { kind: 'help', command }
  if (words.switches.has(version.name)) return { kind: 'version' }
  checkOperands(command ?? defaultCommand, words)
  return { kind: 'run', command: command ?? defaultCommand, words }
}

/** What to type for help on a command line that is wrong. */
export const helpCommand = (typed: readonly string[]): string => {
  const command = findCommand(typed[commandIndex(typed)] ?? '')
  return command === undefined ? 'hugepool --help' : `hugepool ${command.name} --help`
}
