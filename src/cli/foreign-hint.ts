import { HugepoolError } from '../errors.ts'
import { commandLine } from '../model/etc/shell-word.ts'
import { findCommand } from './commands.ts'
import { type ForeignWord, foreignWords } from './foreign-words.ts'

/**
 * Returns the line as a person would type it. A word with blanks is quoted, so that it is no word
 * of the table.
 */
const lineOf = (typed: readonly string[]): string => ` ${commandLine(typed)} `

/**
 * Returns the line, and then the line with the command moved to its front: rows with a command
 * expect the words that belong to it behind it, but options may stand before it.
 */
const bridgedLines = (typed: readonly string[]): readonly string[] => {
  const at = typed.findIndex((word) => findCommand(word) !== undefined)
  const command = typed[at]
  return command === undefined || at === 0
    ? [lineOf(typed)]
    : [lineOf(typed), lineOf([command, ...typed.toSpliced(at, 1)])]
}

interface Bridge {
  readonly row: ForeignWord
  readonly hint: string
  /** What the row is about: what it matched, or the whole line. */
  readonly found: string
}

const bridgeOf = (row: ForeignWord, lines: readonly string[]): Bridge | undefined => {
  const [words, here] = row
  for (const line of lines) {
    const match = words.exec(line)
    if (match === null) continue
    if (typeof here !== 'string') return { row, hint: here(line), found: line }
    const hint = here.replaceAll(/\$(\d)/g, (_, group) => match[group] ?? '')
    return { row, hint, found: match[0] }
  }
  return undefined
}

/** Returns hugepool's word for what stands in a command line; undefined where no row matches. */
export const bridgeFor = (typed: readonly string[]): Bridge | undefined => {
  const lines = bridgedLines(typed)
  // Words of the kernel command line are what `boot` is about.
  const { 'the kernel': kernel = [], ...others } = foreignWords
  const isAboutLine = typed.includes('boot')
  for (const row of [...(isAboutLine ? [] : kernel), ...Object.values(others).flat()]) {
    const bridge = bridgeOf(row, lines)
    if (bridge !== undefined) return bridge
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
