import { asOctets, isText, type Octets, octets, textOf } from './octets.ts'

const octalEscape = (byte: string): string => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`

/** Every byte of a text as a backslash and three octal digits, as mangle_path of fs/seq_file.c. */
export const octalEscapes = (text: string): string => Array.from(octets(text), octalEscape).join('')

/** Undoes mangle_path: a backslash and three digits, the first of them up to 3, are one byte. */
export const withoutOctalEscapes = (text: Octets): Octets =>
  text.includes('\\')
    ? asOctets(
        text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) =>
          String.fromCharCode(Number.parseInt(digits, 8)),
        ),
      )
    : text

/** What looks like a character of UTF-8 by its first byte, or a byte that begins none. */
const characters =
  /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x80-\xff]/g

/** The text of octets, in which a byte that is not UTF-8 is an octal escape and so is not lost. */
export const textWithEscapes = (all: Octets): string =>
  isText(all)
    ? textOf(all)
    : all.replace(characters, (found) => {
        const piece = asOctets(found)
        return isText(piece) ? textOf(piece) : Array.from(piece, octalEscape).join('')
      })
