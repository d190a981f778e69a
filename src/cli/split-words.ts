import type { Option } from './option.ts'

/**
 * Takes joined words apart as getopt(3) does, because yargs-parser reads them differently:
 * `-oSIZE` is -o SIZE and `-rn` is -r -n. What follows `--` is left alone.
 */
export const splitWords = (words: readonly string[], options: readonly Option[]): string[] => {
  const end = words.indexOf('--')
  const before = end < 0 ? words : words.slice(0, end)
  return [
    ...before.flatMap((word) => splitWord(word, options)),
    ...(end < 0 ? [] : words.slice(end)),
  ]
}

const splitWord = (word: string, options: readonly Option[]): readonly string[] => {
  if (!/^-[^-]./.test(word)) return [word]
  const [, letter = ''] = word
  const rest = word.slice(2)
  const option = options.find((candidate) => candidate.letter === letter)
  if (option === undefined) return [word]
  if (option.value !== undefined) return [`-${letter}`, rest.replace(/^=/, '')]
  return [`-${letter}`, ...splitWord(`-${rest}`, options)]
}
