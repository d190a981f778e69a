import { type Option, takesNextWord } from './options/option.ts'

/**
 * Splits joined words as getopt(3) does, because yargs reads them differently: `-oSIZE` becomes `-o
 * SIZE`, and `-rn` becomes `-r -n`. Words after `--` stay as they are.
 */
export const splitWords = (words: readonly string[], options: readonly Option[]): string[] => {
  const end = words.indexOf('--')
  const before = end < 0 ? words : words.slice(0, end)
  return [
    ...withValues(before, options).flatMap((word) => splitWord(word, options)),
    ...(end < 0 ? [] : words.slice(end)),
  ]
}

/**
 * Joins an option with a value that begins with a dash and has a blank, which no option has:
 * `--line '-- x'`.
 */
const withValues = (words: readonly string[], options: readonly Option[]): readonly string[] => {
  const isValued = (word: string | undefined): boolean =>
    options.some((option) => takesNextWord(option) && word === `--${option.name}`)
  return words.flatMap((word, at) => {
    const next = words[at + 1]
    if (isValued(word) && next !== undefined && /^-.*\s/s.test(next)) return [`${word}=${next}`]
    return /^-.*\s/s.test(word) && isValued(words[at - 1]) ? [] : [word]
  })
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
