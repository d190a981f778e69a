import { commands, findCommand, optionsOf } from './commands.ts'
import { takesNextWord } from './options/option.ts'

/**
 * Finds the index of the first word that is neither an option nor the value of one; -1 where there
 * is none. yargs cannot tell which word names the command before it knows the command's options.
 */
export const commandIndex = (words: readonly string[]): number => {
  const all = commands.flatMap(optionsOf)
  // `--persist` takes the next word in `mount` and none in `umount` or `resize`.
  const takesNext = (word: string | undefined, next: string): boolean => {
    const meant = all.filter(({ name, letter }) => word === `--${name}` || word === `-${letter}`)
    return meant.some(takesNextWord) && !(!meant.every(takesNextWord) && findCommand(next))
  }
  const index = words.findIndex(
    (word, index) => word === '--' || (!/^-./.test(word) && !takesNext(words[index - 1], word)),
  )
  return words[index] === '--' ? -1 : index
}

/** Returns the command line that shows help for a command line that is wrong. */
export const helpCommand = (typed: readonly string[]): string => {
  const command = findCommand(typed[commandIndex(typed)] ?? '')
  return command === undefined ? 'hugepool --help' : `hugepool ${command.name} --help`
}
