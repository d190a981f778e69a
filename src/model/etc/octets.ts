declare const isOctets: unique symbol

/**
 * Bytes, each of them one character up to U+00FF. Files are read as octets because their bytes need
 * not be UTF-8, and every one of them is to be kept. What is ASCII reads the same as text; the
 * name of a process or a directory has to be decoded by `textOf` before a person sees it.
 */
export type Octets = string & { readonly [isOctets]: true }

/** Says of characters up to U+00FF that they are octets: a part of what was read is one. */
export const asOctets = (characters: string): Octets => characters as Octets

const encoder = new TextEncoder()

const isAscii = (characters: string): boolean => !/[^\0-\x7f]/.test(characters)

/** The bytes of a text in UTF-8. */
export const octets = (text: string): Octets =>
  asOctets(
    isAscii(text)
      ? text
      : Array.from(encoder.encode(text), (byte) => String.fromCharCode(byte)).join(''),
  )

const bytesOf = (characters: Octets): Uint8Array =>
  Uint8Array.from(characters, (character) => character.charCodeAt(0))

/** The decoder keeps a byte order mark: it is a part of a name like any other character. */
const decode = (characters: Octets, fatal: boolean): string =>
  new TextDecoder('utf-8', { fatal, ignoreBOM: true }).decode(bytesOf(characters))

/**
 * The text that octets are in UTF-8, for people and for the names of files. What is not UTF-8
 * becomes U+FFFD, as in all names that Node gives.
 */
export const textOf = (characters: Octets): string =>
  isAscii(characters) ? characters : decode(characters, false)

/** Whether octets are UTF-8 from the first to the last. */
export const isText = (characters: Octets): boolean => {
  if (isAscii(characters)) return true
  try {
    decode(characters, true)
    return true
  } catch {
    return false
  }
}
