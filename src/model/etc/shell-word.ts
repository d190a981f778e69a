import { hasControls, octalEscapes, textWithEscapes, withControls } from './octal-escapes.ts'
import { asOctets, type Octets, octets } from './octets.ts'

/** Quotes a command within a sentence: with double quotes where it has single quotes of its own. */
export const quotedCommand = (command: string): string =>
  command.includes("'") ? `"${command}"` : `'${command}'`

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/**
 * Returns a command that prints octets. It is itself a text that a terminal can show: control
 * characters and bytes that are not UTF-8 are escapes, which `printf` reads in every shell and
 * $'...' in some alone. A hyphen at the start is an escape too, for it would begin an option of
 * `printf`.
 */
export const printOctets = (all: Octets): string => {
  const format = textWithEscapes(asOctets(all.replaceAll(/[\\%]/g, (special) => special.repeat(2))))
  return `printf ${quoted(withControls(format.replace(/^-/, octalEscapes), octalEscapes))}`
}

export const printCommand = (text: string): string => printOctets(octets(text))

/** Newlines at the end stand in quotes, for `$(...)` loses those that end what is printed. */
const printed = (text: string): string => {
  const [ends = ''] = /\n*$/.exec(text) ?? []
  const rest = text.slice(0, text.length - ends.length)
  const begins = hasControls(rest) ? `"$(${printCommand(rest)})"` : quoted(rest)
  return ends === '' ? begins : `${begins}'${ends}'`
}

/**
 * Writes a text as one word for a shell, with quotes only where they are needed. A text with
 * control characters becomes a command that prints it.
 */
export const shellWord = (text: string): string => {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  return hasControls(text) ? printed(text) : quoted(text)
}

/** Writes words as a line that a shell reads as these words. */
export const commandLine = (words: readonly string[]): string => words.map(shellWord).join(' ')
