import { commands, findCommand, optionsOf } from './commands.ts'
import { isSwitch, isValued } from './options/option.ts'

/**
 * Where the first word stands that is neither an option nor the value of one; -1 for nowhere.
 * yargs would have to know the options of the command before it can tell which word names it.
 */
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

/** What to type for help on a command line that is wrong. */
export const helpCommand = (typed: readonly string[]): string => {
  const command = findCommand(typed[commandIndex(typed)] ?? '')
  return command === undefined ? 'hugepool --help' : `hugepool ${command.name} --help`
}
