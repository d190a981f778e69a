import { HugepoolError } from '../errors.ts'
import { shellWord } from '../model/etc/shell-word.ts'
import { type ForeignWord, foreignWords } from './foreign-words.ts'

/** The line as a person would read it; a word with blanks is quoted and so is no word of the table. */
const lineOf = (typed: readonly string[]): string => ` ${typed.map(shellWord).join(' ')} `

interface Bridge {
  readonly row: ForeignWord
  readonly hint: string
  /** What the row matched. */
  readonly found: string
}

/** Returns hugepool's word for what stands in a command line; undefined where no row matches. */
export const bridgeFor = (typed: readonly string[]): Bridge | undefined => {
  const line = lineOf(typed)
  for (const row of Object.values(foreignWords).flat()) {
    const [words, here] = row
    const match = words.exec(line)
    if (match === null) continue
    return {
      row,
      hint: here.replaceAll(/\$(\d)/g, (_, group) => match[group] ?? ''),
      found: match[0],
    }
  }
  return undefined
}

/**
 * Gives an error of wrong words the hint that says hugepool's word. A hint that the error has stays
 * only where the error is about something else.
 */
export const withBridge = (error: HugepoolError, typed: readonly string[]): HugepoolError => {
  const bridge = bridgeFor(typed)
  if (bridge === undefined) return error
  const isAbout = bridge.found
    .split(/[ =,]+/)
    .some((word) => word !== '' && error.message.includes(word))
  const hint = isAbout || error.hint === undefined ? bridge.hint : `${error.hint}\n${bridge.hint}`
  return new HugepoolError(
    error.code,
    error.reason,
    error.message,
    hint,
    error.signal,
    error.details,
  )
}
