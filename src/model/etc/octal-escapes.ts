import { asOctets, isText, type Octets, octets, textOf } from './octets.ts'

const octalEscape = (byte: string): string => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`

/**
 * Writes every byte of a text as a backslash and three octal digits, as mangle_path in
 * fs/seq_file.c does.
 */
export const octalEscapes = (text: string): string => Array.from(octets(text), octalEscape).join('')

/**
 * Matches the characters that are shown as escapes, because others than the reader choose names:
 * those that a terminal obeys (Cc), that turn or join what is beside them (Cf), that nobody sees,
 * that end a line or a paragraph, and halves of a character, which no stream can hold.
 */
const controls = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Matches any text without controls that is ASCII. Nearly all text is, and is tested once. */
const plainText = /^[ -~]*$/

export const hasControls = (text: string): boolean =>
  !plainText.test(text) && text.search(controls) !== -1

/** Replaces each control character by what `escaped` returns for it. */
export const withControls = (text: string, escaped: (character: string) => string): string =>
  plainText.test(text) ? text : text.replaceAll(controls, escaped)

/**
 * Escapes control characters. Any text can contain names of files, which must not control the
 * terminal.
 */
export const visible = (text: string): string => withControls(text, octalEscapes)

/**
 * Escapes control characters in a text of several lines, but for tabs and the ends of lines, which
 * a text for a file or a shell has of its own. A name in such a text has no control character: it
 * is quoted for what reads the text.
 */
export const visibleLines = (text: string): string =>
  withControls(text, (found) => (/[\t\n]/.test(found) ? found : octalEscapes(found)))

const hexadecimal = (number: number, digits: number): string =>
  number.toString(16).padStart(digits, '0')

/** Writes a character as JSON reads it within quotes: each of its one or two UTF-16 units. */
export const jsonEscape = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${hexadecimal(character.charCodeAt(at), 4)}`,
  ).join('')

/** Writes a character as TOML reads it within quotes, where a half of a character is no escape. */
export const tomlEscape = (character: string): string =>
  character.length === 1
    ? jsonEscape(character)
    : `\\U${hexadecimal(character.codePointAt(0) ?? 0, 8)}`

/** Writes every byte of a text as `\x` and two hexadecimal digits, as printf(1) reads them. */
export const hexadecimalEscapes = (text: string): string =>
  Array.from(octets(text), (byte) => `\\x${hexadecimal(byte.charCodeAt(0), 2)}`).join('')

/**
 * Undoes mangle_path: a backslash and three octal digits, the first at most 3, stand for one byte.
 */
export const withoutOctalEscapes = (text: Octets): Octets =>
  text.includes('\\')
    ? asOctets(
        text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) =>
          String.fromCharCode(Number.parseInt(digits, 8)),
        ),
      )
    : text

/**
 * Undoes the escapes of /proc/PID/maps, which escapes nothing but the newline (show_map_vma in
 * fs/proc/task_mmu.c). A backslash in a name stands there as it is, and so do digits after it.
 */
export const withoutNewlineEscapes = (text: Octets): Octets =>
  asOctets(text.replaceAll('\\012', '\n'))

/**
 * Matches a UTF-8 character by the pattern of its bytes, or a single byte that begins no character.
 */
const characters =
  /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x80-\xff]/g

/**
 * Decodes octets as UTF-8. A byte that is not UTF-8 becomes an octal escape, so no byte is lost.
 */
export const textWithEscapes = (all: Octets): string =>
  isText(all)
    ? textOf(all)
    : all.replace(characters, (found) => {
        const piece = asOctets(found)
        return isText(piece) ? textOf(piece) : Array.from(piece, octalEscape).join('')
      })
