/** One word of a kernel command line. */
export interface LineWord {
  /** The word as it stands on the line, quotes included. */
  readonly text: string
  /** The index at which it begins on the line, in characters from 0. */
  readonly at: number
  readonly name: string
  /** What stands behind `=`; undefined where the word has none. */
  readonly value: string | undefined
}

/** The words of a line, and those behind a lone `--`, which init gets whatever they are. */
export interface LineWords {
  readonly words: readonly LineWord[]
  readonly forInit: readonly LineWord[]
}

/** White space outside of quotes parts words (next_arg in lib/cmdline.c). */
const wordPattern = /(?:"[^"]*(?:"|$)|[^\s"])+/g

/** Takes off the quotes around a word or around a value. A quote inside belongs to the text. */
const unquoted = (text: string): string => text.replace(/^"|"$/g, '')

const wordOf = (text: string, at: number): LineWord => {
  const isWhole = text.startsWith('"')
  const inner = isWhole ? unquoted(text) : text
  const equals = inner.indexOf('=', 1)
  if (equals < 0) return { text, at, name: inner, value: undefined }
  const value = inner.slice(equals + 1)
  return {
    text,
    at,
    name: inner.slice(0, equals),
    value: value.startsWith('"') ? unquoted(value) : value,
  }
}

/** Splits a line as the kernel does (next_arg in lib/cmdline.c, parse_args in kernel/params.c). */
export const splitLine = (line: string): LineWords => {
  const all = [...line.matchAll(wordPattern)].map((found) => wordOf(found[0], found.index))
  const end = all.findIndex(({ name, value }) => name === '--' && value === undefined)
  return end < 0
    ? { words: all, forInit: [] }
    : { words: all.slice(0, end), forInit: all.slice(end + 1) }
}

/** The words that a kernel sees, and those that its buffer cuts off as a whole or in part. */
export interface KeptWords extends LineWords {
  readonly cutOff: readonly LineWord[]
}

/**
 * Splits a line of which a kernel keeps so many characters. A word that is cut in two is read as
 * far as it is kept.
 */
export const splitKept = (line: string, kept = line.length): KeptWords => {
  const all = splitLine(line)
  if (line.length <= kept) return { ...all, cutOff: [] }
  const cutOff = [...all.words, ...all.forInit].filter(({ at, text }) => at + text.length > kept)
  return { ...splitLine(line.slice(0, kept)), cutOff }
}

/**
 * Writes a name with `_` only: the kernel takes `-` and `_` for the same (parameq in
 * kernel/params.c).
 */
export const plainName = (name: string): string => name.replaceAll('-', '_')
