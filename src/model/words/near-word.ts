/**
 * Whether two words differ by one letter, by one letter more or less, or by two swapped letters.
 */
const isOneEditAway = (typed: string, word: string): boolean => {
  let start = 0
  while (start < word.length && typed[start] === word[start]) start += 1
  const [one, other] = [typed.slice(start), word.slice(start)]
  return (
    one.slice(1) === other.slice(1) ||
    one.slice(1) === other ||
    one === other.slice(1) ||
    (one[0] === other[1] && one[1] === other[0] && one.slice(2) === other.slice(2))
  )
}

/** Returns the letters of a word in lower case, without hyphens and underscores. */
const lettersOf = (word: string): string => word.toLowerCase().replace(/[-_]/g, '')

/** Returns the known word that was probably meant; undefined where none is near. */
export const nearWord = (typed: string, known: readonly string[]): string | undefined => {
  const letters = lettersOf(typed)
  return (
    known.find((word) => lettersOf(word) === letters) ??
    known.find((word) => letters.length > 2 && isOneEditAway(letters, lettersOf(word)))
  )
}
