import { type HugepoolError, usage } from '../errors.ts'
import type { AnyCommand, Words } from './command.ts'
import { commandIndex } from './command-index.ts'
import {
  commands,
  defaultCommand,
  defaultOptions,
  findCommand,
  loadCommand,
  optionsOf,
} from './commands.ts'
import { helpOption, versionOption } from './options/option.ts'
import { readWords } from './read-words.ts'
import { splitWords } from './split-words.ts'
import { suggestion } from './suggest.ts'

/** What a command line asks for: to run a command, to print help or to print the version. */
export type Parsed =
  | { readonly kind: 'run'; readonly command: AnyCommand; readonly words: Words }
  | { readonly kind: 'help'; readonly command?: AnyCommand }
  | { readonly kind: 'version' }

/** yargs would have to know all commands to find the unknown one, and would not list them. */
const unknownCommand = (word: string): HugepoolError => {
  const names = commands.map(({ name }) => name)
  const near = suggestion(word, names)
  const known = `the commands are ${names.join(', ')}`
  return usage(`unknown command '${word}'`, near ? `did you mean ${near}?` : known)
}

/**
 * Returns the command that is named and all other words. Throws E_USAGE for an unknown command.
 * yargs finds a command only where all are declared, which takes longer than most commands run.
 */
const commandOf = async (words: readonly string[]) => {
  const index = await commandIndex(words)
  const word = words[index]
  if (word === undefined) return { command: undefined, rest: words }
  const command = findCommand(word)
  if (command === undefined) throw unknownCommand(word)
  return { command: await loadCommand(command), rest: words.toSpliced(index, 1) }
}

/** The word `help` in place of a command; yargs would take it at the end of a line. */
const helpWord = { name: 'help', usage: '', least: 0, most: 0 }

/**
 * Parses a command line without touching the machine. Throws E_USAGE where the line is wrong.
 * --help and --version are left to the caller: yargs would print them itself and check no more.
 */
export const parse = async (typed: readonly string[]): Promise<Parsed> => {
  const split = splitWords(typed, defaultOptions)
  const helpAt = split.includes(helpWord.name) ? await commandIndex(split) : -1
  const asksForHelp = split[helpAt] === helpWord.name
  const { command: named, rest } = await commandOf(asksForHelp ? split.toSpliced(helpAt, 1) : split)
  const command = named ?? (await defaultCommand())
  const { name, operands } = command
  const words = readWords(rest, optionsOf(command), asksForHelp ? helpWord : { name, ...operands })
  if (asksForHelp || words.switches.has(helpOption.name))
    return named === undefined ? { kind: 'help' } : { kind: 'help', command: named }
  if (words.switches.has(versionOption.name)) return { kind: 'version' }
  return { kind: 'run', command, words }
}
