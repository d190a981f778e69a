import type { Option } from './options/option.ts'

/**
 * Splits joined words as getopt(3) does, because yargs reads them differently: `-oSIZE` becomes `-o
 * SIZE`, and `-rn` becomes `-r -n`. Words after `--` stay as they are.
 */
export const splitWords = (words: readonly string[], options: readonly Option[]): string[] => {
  const end = words.indexOf('--')
  const before = end < 0 ? words : words.slice(0, end)
  return [
    ...before.flatMap((word) => splitWord(word, options)),
    ...(end < 0 ? [] : words.slice(end)),
  ]
}

/**
 * Keeps a number whole, because it is an operand. Of unknown letters the first is enough for an
 * error.
 */
const unknownRest = (rest: string): string => {
  const letter = rest.charAt(0)
  if (letter === '-') return letter
  return /\d/.test(letter) ? `-${rest}` : `-${letter}`
}

const splitWord = (word: string, options: readonly Option[]): readonly string[] => {
  if (!/^-[^-]./s.test(word)) return [word]
  const letters: string[] = []
  for (let index = 1; index < word.length; index += 1) {
    const letter = word.charAt(index)
    const option = options.find((candidate) => candidate.letter === letter)
    if (option === undefined) return [...letters, unknownRest(word.slice(index))]
    letters.push(`-${letter}`)
    if (option.value === undefined) continue
    const value = word.slice(index + 1).replace(/^=/, '')
    return index + 1 < word.length ? [...letters, value] : letters
  }
  return letters
}
