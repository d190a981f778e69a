import * as fc from './property.ts'

/**
 * What strangers put into names: sequences that a terminal obeys, marks that turn or hide what is
 * beside them, ends of lines, halves of characters, what shells and tables give a meaning, and long
 * names. The ranges are written out here, so that those of the source are tested by others.
 */
export const hostilePieces: readonly string[] = [
  '\u001b[2J',
  '\u001b]0;title\u0007',
  '\u001b[31m',
  '\u009b31m',
  '\r',
  '\n',
  '\t',
  '\b',
  '\u007f',
  '\u0085',
  '\u00ad',
  '\u061c',
  '\u200b',
  '\u200d',
  '\u200e',
  '\u200f',
  '\u2028',
  '\u2029',
  '\u202a',
  '\u202e',
  '\u2060',
  '\u2066',
  '\u2069',
  '\ufeff',
  '\ufe0f',
  '\u{e0041}',
  '\ud83d',
  '\udc00',
  '\nhint: rm -rf /',
  '\nhugepool: forged',
  "'; id; '",
  '$(id)',
  '\\033',
  ' ',
  '\u00a0',
  '漢',
  'e\u0301',
  '\u{1f600}',
  'x'.repeat(255),
]

/** A name that somebody chose who is not trusted. */
export const hostileName = fc
  .array(fc.oneof(fc.constantFrom(...hostilePieces), fc.character), { maxLength: 8 })
  .map((pieces) => pieces.join(''))

const esc = '\u001b'
const ownColour = new RegExp(`${esc}\\[\\d+m`, 'g')

/** The first and the last of each range of characters that are not seen, or are obeyed. */
const obeyed: readonly (readonly [number, number])[] = [
  [0, 0x9],
  [0xb, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xd800, 0xdfff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xe0000, 0xe0fff],
]

/** A printed text without the colours that hugepool itself gives it. */
export const withoutColour = (text: string): string => text.replaceAll(ownColour, '')

/** The characters of a printed text that are neither seen nor our own. */
export const unseenIn = (text: string): readonly string[] =>
  [...withoutColour(text)].filter((character) => {
    const code = character.codePointAt(0) ?? 0
    return obeyed.some(([first, last]) => code >= first && code <= last)
  })
