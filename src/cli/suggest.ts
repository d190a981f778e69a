import { quietYargs } from './quiet-yargs.ts'

/**
 * The longest word that gets a suggestion. Longer words are no typing errors, and yargs compares
 * every letter with every other.
 */
const longest = 40

/**
 * yargs suggests commands only, so the known words are given to it as commands. It accepts three
 * different letters, which makes any two short words alike. The last characters, `.` and `,`,
 * always differ and so leave two; words of three letters have two of them, which leave one.
 */
const nearest = (typed: string, known: readonly string[]): string | undefined => {
  const said: string[] = []
  const ends = typed.length > 3 ? 1 : 2
  const asked = quietYargs()
    .recommendCommands()
    .fail((message) => said.push(message))
  for (const word of known) asked.command(word + '.'.repeat(ends), false)
  asked.parseSync([typed + ','.repeat(ends)])
  return /^Did you mean (.*?)\.+\?$/.exec(said[0] ?? '')?.[1]
}

/**
 * Returns the known word that was probably meant; undefined where no word is near. yargs knows no
 * abbreviations, so this function looks for them.
 */
export const suggestion = (typed: string, known: readonly string[]): string | undefined => {
  if (typed.length > longest) return undefined
  const begun = known.find((word) => typed.length > 2 && word.startsWith(typed))
  return begun ?? nearest(typed, known)
}
