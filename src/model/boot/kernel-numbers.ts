import { memparse } from '../words/memparse.ts'

/** An unsigned long of a 64-bit kernel has so many bits. */
const bits = 64n
const largest = (1n << bits) - 1n

/** A number, and how many characters of a text it takes. */
export interface Scanned {
  readonly value: bigint
  readonly length: number
}

/** Returns what a kernel makes of a number that is larger than its own numbers can be. */
const held = (value: bigint, saturates: boolean): bigint =>
  value <= largest ? value : saturates ? largest : BigInt.asUintN(Number(bits), value)

/**
 * Scans the decimal digits that a text begins with, as sscanf("%lu") does; undefined where it
 * begins with none.
 */
export const scanUnsigned = (text: string, saturates: boolean): Scanned | undefined => {
  const [digits] = /^\d+/.exec(text) ?? []
  return digits === undefined
    ? undefined
    : { value: held(BigInt(digits), saturates), length: digits.length }
}

/** Reads a size as memparse of lib/cmdline.c does; a text that is no number is 0. */
export const scanSize = (text: string, saturates: boolean): Scanned => {
  const found = memparse(text)
  if (found === undefined) return { value: 0n, length: 0 }
  return { value: held(found.value, saturates), length: text.length - found.rest.length }
}

/**
 * Reads a word for yes or no by its first letters, as kstrtobool of lib/kstrtox.c does; undefined
 * for any other word.
 */
export const kstrtobool = (text: string | undefined, enableWords: boolean): boolean | undefined => {
  const word = (text ?? '').toLowerCase()
  if (/^(?:[yt1]|on)/.test(word) || (enableWords && word.startsWith('e'))) return true
  if (/^(?:[nf0]|of)/.test(word) || (enableWords && word.startsWith('d'))) return false
  return undefined
}

/**
 * Reads a number of any base, as kstrtoul(text, 0) of lib/kstrtox.c does; undefined for any other
 * text.
 */
export const kstrtoul = (text: string): bigint | undefined => {
  const digits = text.replace(/^\+/, '')
  const found = memparse(digits)
  const isNumber = found !== undefined && found.rest === '' && /(?:0x[\da-f]+|\d)$/i.test(digits)
  return isNumber && found.value <= largest ? found.value : undefined
}
