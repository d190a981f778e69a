import { quietYargs } from './quiet-yargs.ts'

/** Words that are longer are no slip, and yargs compares every letter with every other. */
const longest = 40

/**
 * yargs suggests commands only, so it is told the known words as commands. It lets three letters
 * differ, which makes any two short words alike: one of the three is used up by the last one.
 */
const nearest = (typed: string, known: readonly string[]): string | undefined => {
  const said: string[] = []
  const asked = quietYargs()
    .recommendCommands()
    .fail((message) => said.push(message))
  for (const word of known) asked.command(`${word}.`, false)
  asked.parseSync([`${typed},`])
  return /^Did you mean (.*)\.\?$/.exec(said[0] ?? '')?.[1]
}

/**
 * The known word that was meant by what was typed, or undefined where none is near. yargs knows no
 * abbreviations, so they are looked for here.
 */
export const suggestion = (typed: string, known: readonly string[]): string | undefined => {
  if (typed.length > longest) return undefined
  const begun = known.find((word) => typed.length > 2 && word.startsWith(typed))
  return begun ?? nearest(typed, known)
}
