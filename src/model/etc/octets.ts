declare const isOctets: unique symbol

/**
 * Bytes as a string with one character up to U+00FF for each byte. Files are read as octets because
 * their bytes need not be UTF-8 and all of them must be kept. ASCII octets equal their text; the
 * name of a process or a directory has to be decoded by `textOf` before it is displayed.
 */
export type Octets = string & { readonly [isOctets]: true }

/** Marks a string of characters up to U+00FF as octets, for a part of what was read. */
export const asOctets = (characters: string): Octets => characters as Octets

const encoder = new TextEncoder()

const isAscii = (characters: string): boolean => !/[^\0-\x7f]/.test(characters)

/** Encodes a text as UTF-8. */
export const octets = (text: string): Octets =>
  asOctets(
    isAscii(text)
      ? text
      : Array.from(encoder.encode(text), (byte) => String.fromCharCode(byte)).join(''),
  )

const rawBytes = (characters: Octets): Uint8Array =>
  Uint8Array.from(characters, (character) => character.charCodeAt(0))

/**
 * `ignoreBOM` makes the decoder keep a byte order mark, which is a part of a name like any other
 * character.
 */
const decode = (characters: Octets, fatal: boolean): string =>
  new TextDecoder('utf-8', { fatal, ignoreBOM: true }).decode(rawBytes(characters))

/**
 * Decodes octets as UTF-8, for display and for the names of files. Bytes that are not UTF-8 become
 * U+FFFD, as in all names that Node returns.
 */
export const textOf = (characters: Octets): string =>
  isAscii(characters) ? characters : decode(characters, false)

/** Whether all octets together are valid UTF-8. */
export const isText = (characters: Octets): boolean => {
  if (isAscii(characters)) return true
  try {
    decode(characters, true)
    return true
  } catch {
    return false
  }
}
