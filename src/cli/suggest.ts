import { distance } from 'fastest-levenshtein'

/** Words further apart than this are not likely to be a slip. */
const furthest = 2
const longest = 40

/** The known word nearest to what was typed, or undefined where none is near. */
export const suggestion = (typed: string, known: readonly string[]): string | undefined => {
  if (typed.length > longest) return undefined
  const prefixed = known.find((word) => typed.length > 2 && word.startsWith(typed))
  if (prefixed !== undefined) return prefixed
  const ranked = known
    .map((word) => ({ word, steps: distance(typed, word) }))
    .sort((a, b) => a.steps - b.steps)
  const best = ranked[0]
  return best !== undefined && best.steps <= furthest ? best.word : undefined
}
