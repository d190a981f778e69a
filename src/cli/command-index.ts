import { findCommand, loadAllCommands, optionsOf } from './commands.ts'
import { commonOptions, type Option, takesNextWord } from './options/option.ts'

/**
 * Whether the next word is the value of the option that `word` spells; undefined where it spells
 * none.
 */
const takesNext = (options: readonly Option[], word: string, next: string): boolean | undefined => {
  const meant = options.filter(({ name, letter }) => word === `--${name}` || word === `-${letter}`)
  if (meant.length === 0) return undefined
  // `--persist` takes the next word in `mount` and none in `umount` or `resize`.
  const differs = !meant.every(takesNextWord)
  return meant.some(takesNextWord) && !(differs && findCommand(next) !== undefined)
}

/**
 * Finds the index of the first word that is neither an option nor the value of one; -1 where there
 * is none. yargs cannot tell which word names the command before it knows the command's options.
 * All commands are loaded only where an option that not every command has stands before the word.
 */
export const commandIndex = async (words: readonly string[]): Promise<number> => {
  for (const [index, word] of words.entries()) {
    if (word === '--') return -1
    if (/^-./.test(word)) continue
    const before = words[index - 1]
    if (before === undefined) return index
    const isValue =
      takesNext(commonOptions, before, word) ??
      takesNext((await loadAllCommands()).flatMap(optionsOf), before, word)
    if (!isValue) return index
  }
  return -1
}

/** Returns the command line that shows help for a command line that is wrong. */
export const helpCommand = async (typed: readonly string[]): Promise<string> => {
  const command = findCommand(typed[await commandIndex(typed)] ?? '')
  return command === undefined ? 'hugepool --help' : `hugepool ${command.name} --help`
}
