import { present } from '../model/words/present.ts'
import type { ColourChoice } from '../output/colour.ts'
import { selectColumns } from '../output/columns.ts'
import type { Format } from '../output/render.ts'
import type { CommandInfo, Words } from './command.ts'
import {
  bytesOption,
  colourOption,
  commonOptions,
  isSwitch,
  jsonOption,
  noHeadingsOption,
  type Option,
  outputAllOption,
  outputOption,
  pairsOption,
  perNodeOption,
  quietOption,
  rawOption,
} from './options/option.ts'
import { isUnicode, type Screen, screenFacts } from './screen.ts'

/** Returns the columns that the given switches and values of a command add. */
export const columnsAsked = (
  { options }: CommandInfo,
  { switches, values }: Pick<Words, 'switches' | 'values'>,
): readonly string[] =>
  options.flatMap(({ name, column, columns = {} }) => {
    const asked = switches.has(name) ? column : columns[values[name] ?? '']
    return asked === undefined ? [] : [asked].flat()
  })

/**
 * Reads how the result of a command is to be printed. Where the command has an --output of its own,
 * that chooses no columns. Throws E_USAGE for an unknown column, before anything is done.
 */
export const formatOf = (command: CommandInfo, words: Words, screen: Screen): Format => {
  const { switches, values } = words
  const isOwn = command.options.some(({ name }) => name === outputOption.name)
  const { usual = [], ...facts } = screenFacts(command, words, screen)
  const selection = {
    all: switches.has(outputAllOption.name),
    also: [...columnsAsked(command, words), ...usual],
    ...present({ output: isOwn ? undefined : values[outputOption.name] }),
  }
  return {
    ...facts,
    unicode: isUnicode(screen.environment),
    json: switches.has(jsonOption.name),
    raw: switches.has(rawOption.name),
    pairs: switches.has(pairsOption.name),
    bytes: switches.has(bytesOption.name),
    headings: !switches.has(noHeadingsOption.name),
    columns: selectColumns(command.columns, selection),
  }
}

/** Whether notes and progress are left out. */
export const isQuiet = ({ switches }: Words): boolean => switches.has(quietOption.name)

export const colourOf = ({ values }: Words): ColourChoice =>
  (values[colourOption.name] as ColourChoice | undefined) ?? 'auto'

const choices: readonly string[] = colourOption.choices

/**
 * Finds the choice of colour in a command line that may be too wrong to be parsed. Such a line may
 * have been rejected before yargs read it.
 */
export const typedColour = (typed: readonly string[]): ColourChoice => {
  const flag = `--${colourOption.name}`
  const index = typed.findIndex((word) => word === flag || word.startsWith(`${flag}=`))
  const word = typed[index] === flag ? typed[index + 1] : typed[index]?.slice(flag.length + 1)
  return word !== undefined && choices.includes(word) ? (word as ColourChoice) : 'auto'
}

const switchLetters = [...commonOptions, perNodeOption]
  .filter(isSwitch)
  .map(({ letter = '' }: Option) => letter)
  .join('')

/** Matches a word of joined letters with that of --json before any letter that takes a value. */
const joinedJson = new RegExp(`^-[${switchLetters}]*${jsonOption.letter}`)

/**
 * Finds out whether a command line that may be too wrong to be parsed asks for JSON. Such a
 * line may have been rejected before yargs read it.
 */
export const asksForJson = (typed: readonly string[]): boolean => {
  const end = typed.indexOf('--')
  const options = end < 0 ? typed : typed.slice(0, end)
  return options.some(
    (word) => word.split('=', 1)[0] === `--${jsonOption.name}` || joinedJson.test(word),
  )
}
