import type { Bytes } from '../words/bytes.ts'

/** An unsigned long of a 64-bit kernel. */
const bits = 64n
const largest = (1n << bits) - 1n

/** A number and how many characters it has. */
export interface Scanned {
  readonly value: bigint
  readonly length: number
}

/** What a kernel makes of more digits than its numbers hold. */
const held = (value: bigint, saturates: boolean): bigint =>
  value <= largest ? value : saturates ? largest : BigInt.asUintN(Number(bits), value)

/** Scans the decimal digits that a text begins with, as sscanf("%lu") does; undefined without one. */
export const scanUnsigned = (text: string, saturates: boolean): Scanned | undefined => {
  const [digits] = /^\d+/.exec(text) ?? []
  return digits === undefined
    ? undefined
    : { value: held(BigInt(digits), saturates), length: digits.length }
}

const shifts: Readonly<Record<string, bigint>> = {
  k: 10n,
  m: 20n,
  g: 30n,
  t: 40n,
  p: 50n,
  e: 60n,
}

/** `0x` is hexadecimal, a leading 0 octal; of `08` only the 0 is a number. */
const numberPattern = /^(?:0x(?<hex>[\da-f]+)|0(?<octal>[0-7]*)|(?<decimal>[1-9]\d*))/i

const numberOf = ({ hex, octal, decimal }: Readonly<Record<string, string>>): bigint =>
  hex !== undefined ? BigInt(`0x${hex}`) : BigInt(decimal ?? `0o${octal || '0'}`)

/** Reads a number with a suffix of K to E, as memparse of lib/cmdline.c does; no number is 0. */
export const memparse = (text: string, saturates: boolean): Scanned => {
  const found = numberPattern.exec(text)
  if (!found?.groups) return { value: 0n, length: 0 }
  const { length } = found[0]
  const shift = shifts[text.charAt(length).toLowerCase()]
  const number: Bytes = held(numberOf(found.groups), saturates)
  return shift === undefined
    ? { value: number, length }
    : { value: BigInt.asUintN(Number(bits), number << shift), length: length + 1 }
}

/**
 * Reads a word for yes or no by its first letters, as kstrtobool of lib/kstrtox.c does; undefined for
 * another one.
 */
export const kstrtobool = (text: string | undefined, enableWords: boolean): boolean | undefined => {
  const word = (text ?? '').toLowerCase()
  if (/^(?:[yt1]|on)/.test(word) || (enableWords && word.startsWith('e'))) return true
  if (/^(?:[nf0]|of)/.test(word) || (enableWords && word.startsWith('d'))) return false
  return undefined
}

/** Reads a number of any base, as kstrtoul(text, 0) does; undefined for another text. */
export const kstrtoul = (text: string): bigint | undefined => {
  const found = numberPattern.exec(text.replace(/\n$/, '').replace(/^\+/, ''))
  if (!found?.groups || found[0].length !== text.replace(/^\+/, '').length) return undefined
  const value = numberOf(found.groups)
  return value <= largest ? value : undefined
}
