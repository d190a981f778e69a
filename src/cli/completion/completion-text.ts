import { directoryTree, type Tree } from '../../kernel/tree.ts'
import { hasControls, visible } from '../../model/etc/octal-escapes.ts'
import type { AnyCommand } from '../command.ts'
import { commandIndex } from '../command-index.ts'
import { commands, defaultCommand, findCommand, loadCommand, optionsOf } from '../commands.ts'
import { type Option, sysrootOption } from '../options/option.ts'
import { splitWords } from '../split-words.ts'
import {
  begun,
  type Candidate,
  type CompletionFacts,
  type WordsBefore,
  withStart,
} from './candidates.ts'
import { files, operandCompleters, optionValue, takesFile } from './complete-values.ts'
import { completionFacts } from './completion-facts.ts'

const spellings = ({ name, letter }: Option): readonly string[] =>
  letter === undefined ? [`--${name}`] : [`--${name}`, `-${letter}`]

/** Keeps the value of an option. Returns the option where its value is the next word. */
const withValue = (
  values: Record<string, string>,
  option: Option,
  typed: string | undefined,
): Option | undefined => {
  const value = typed ?? option.bare
  if (value === undefined) return option
  values[option.name] = value
  return undefined
}

/**
 * Reads the words before the one being typed, as far as they make sense. yargs reads whole lines
 * only, and does not tell which option still waits for its value.
 */
const readBefore = (
  command: AnyCommand,
  typed: readonly string[],
  isNamed: boolean,
): WordsBefore => {
  const options = optionsOf(command)
  const operands: string[] = []
  const values: Record<string, string> = {}
  const switches = new Set<string>()
  let pending: Option | undefined
  let ended = false
  for (const word of splitWords(typed, options)) {
    const [spelling = '', value] = word.split(/=(.*)/s)
    const option = options.find((candidate) => spellings(candidate).includes(spelling))
    if (pending !== undefined) {
      values[pending.name] = word
      pending = undefined
    } else if (ended || !word.startsWith('-')) operands.push(word)
    else if (word === '--') ended = true
    else if (option?.value === undefined) switches.add(option?.name ?? word)
    else pending = withValue(values, option, value)
  }
  return { command, options, operands, values, switches, pending, ended, isNamed }
}

/**
 * Reads the words before the one being typed. Options may stand before the command; where no
 * command is named, they are options of the default command. Undefined for an unknown command.
 */
const wordsBefore = async (typed: readonly string[]): Promise<WordsBefore | undefined> => {
  const index = await commandIndex(typed)
  const word = typed[index]
  if (word === undefined) return readBefore(await defaultCommand(), typed, false)
  const command = findCommand(word)
  return command && readBefore(await loadCommand(command), typed.toSpliced(index, 1), true)
}

const summaries: readonly Candidate[] = commands.map(({ name, summary }) => ({
  text: name,
  help: summary,
}))

const helpWord: Candidate = { text: 'help', help: 'tell about a command' }

/** Offers commands by name. Aliases are offered only where no name begins with what was typed. */
const commandCandidates = (typed: string, names = summaries): readonly Candidate[] => {
  const meant = begun(typed, names)
  if (meant.length > 0) return meant
  return commands.flatMap(({ aliases, name, summary }) =>
    begun(
      typed,
      aliases.map((text) => ({ text, help: `${name}: ${summary}` })),
    ),
  )
}

/**
 * Offers the long names of options that are not given yet, and their letters too where only a dash
 * is typed.
 */
const optionCandidates = (
  typed: string,
  { options, values, switches }: WordsBefore,
): readonly Candidate[] => {
  const left = options.filter(({ name }) => !(name in values || switches.has(name)))
  return begun(
    typed,
    left.flatMap((option) =>
      spellings(option)
        .slice(0, typed === '-' ? 2 : 1)
        .map((text) => ({ text, help: option.help })),
    ),
  )
}

/**
 * Finds the option in a word that also has the beginning of its value: `--node=0`, `-oSIZE`. yargs
 * does not tell where in a word a value begins.
 */
const optionInWord = (typed: string, options: readonly Option[]) => {
  const long = /^(--[^=]+)=/.exec(typed)
  const letters = splitWords([typed], options)
  const [spelling, start] = long
    ? [long[1], long[0]]
    : [letters.at(-2), typed.slice(0, typed.length - (letters.at(-1)?.length ?? 0))]
  const option = options.find((one) => spellings(one).includes(spelling ?? ''))
  return option?.value === undefined ? undefined : { option, start }
}

const candidatesAt = (
  before: WordsBefore,
  typed: string,
  facts: CompletionFacts,
): readonly Candidate[] => {
  const { command, options, operands, pending, ended, isNamed } = before
  if (pending !== undefined) return optionValue(pending, typed, before, facts)
  if (!ended && typed.startsWith('-')) {
    const one = optionInWord(typed, options)
    if (one === undefined) return optionCandidates(typed, before)
    const { option, start } = one
    if (takesFile(option)) return files
    return withStart(start, optionValue(option, typed.slice(start.length), before, facts))
  }
  if (!isNamed) return ended ? [] : commandCandidates(typed)
  if (operands.length >= command.operands.most) return []
  return operandCompleters[command.operands.completes](typed, before, facts)
}

/** Returns what can replace the last of the words after `hugepool`, given those before it. */
export const candidatesFor = async (
  words: readonly string[],
  facts: CompletionFacts,
): Promise<readonly Candidate[]> => {
  const typed = words.at(-1) ?? ''
  const earlier = words.slice(0, -1)
  if (earlier.length === 0 && !typed.startsWith('-'))
    return commandCandidates(typed, [...summaries, helpWord])
  if (earlier[0] === 'help') return earlier.length === 1 ? begun(typed, summaries) : []
  const before = await wordsBefore(earlier)
  return before === undefined ? [] : candidatesAt(before, typed, facts)
}

/**
 * Returns the text that the completion script of a shell reads: one candidate per line, with a tab
 * and its help where it has one, which can be the name of a process. Never throws, because the line being typed has no place for an
 * error.
 */
export const completionText = async (words: readonly string[], tree: Tree): Promise<string> => {
  try {
    const directory = (await wordsBefore(words.slice(0, -1)))?.values[sysrootOption.name]
    const facts = completionFacts(directory === undefined ? tree : directoryTree(directory))
    return (await candidatesFor(words, facts))
      .filter(({ text }) => !hasControls(text))
      .map(({ text, help }) => (help === undefined ? `${text}\n` : `${text}\t${visible(help)}\n`))
      .join('')
  } catch {
    return ''
  }
}
