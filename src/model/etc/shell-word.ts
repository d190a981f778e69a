import { hasControls, octalEscapes, textWithEscapes, withControls } from './octal-escapes.ts'
import { asOctets, type Octets, octets } from './octets.ts'

/**
 * Writes a command within a sentence. Where it has quotes of its own, others are around it, so that it
 * is seen where it begins and ends.
 */
export const quotedCommand = (command: string): string =>
  command.includes("'") ? `"${command}"` : `'${command}'`

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/**
 * Writes a command that prints octets, which a terminal shows as it is. `printf` reads escapes in every
 * shell, as $'...' is read in some; bytes that are not UTF-8 can be written in no other way. What looks
 * like an option of it would be one.
 */
export const printOctets = (all: Octets): string => {
  const format = textWithEscapes(asOctets(all.replaceAll(/[\\%]/g, (special) => special.repeat(2))))
  return `printf ${quoted(withControls(format.replace(/^-/, octalEscapes), octalEscapes))}`
}

export const printCommand = (text: string): string => printOctets(octets(text))

/** A shell takes newlines off the end of what a command prints: these stand as they are. */
const printed = (text: string): string => {
  const [ends = ''] = /\n*$/.exec(text) ?? []
  const rest = text.slice(0, text.length - ends.length)
  const begins = hasControls(rest) ? `"$(${printCommand(rest)})"` : quoted(rest)
  return ends === '' ? begins : `${begins}'${ends}'`
}

/**
 * Writes a text as one word for a shell, with quotes only where they are needed. A terminal has nothing
 * to obey in it.
 */
export const shellWord = (text: string): string => {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  return hasControls(text) ? printed(text) : quoted(text)
}
