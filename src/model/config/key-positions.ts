import type { KeyPath } from './config-fault.ts'

/** A key and the offset of its first character. */
interface FoundKey {
  readonly path: KeyPath
  readonly at: number
}

interface KeyWalk {
  readonly text: string
  readonly found: FoundKey[]
  /** The offset of the next character. */
  at: number
}

/** A path is kept up to so many names. A configuration has three. */
const mostNames = 8

const quotes = ['"""', "'''", '"', "'"] as const

/**
 * Finds the end of a string that begins at an offset. In single quotes a backslash means nothing.
 */
const endOfString = (text: string, at: number): number => {
  const quote = quotes.find((each) => text.startsWith(each, at)) ?? '"'
  const escapes = quote.startsWith('"')
  for (let end = at + quote.length; end < text.length; end += 1) {
    if (escapes && text[end] === '\\') end += 1
    else if (text.startsWith(quote, end)) {
      let after = end + quote.length
      // A long string can end in one or two quotes of its own.
      while (quote.length > 1 && text[after] === quote[0]) after += 1
      return after
    }
  }
  return text.length
}

const blanks = /[ \t]*/y
const gaps = /(?:\s|#[^\n]*)*/y
const bareName = /[A-Za-z0-9_-]*/y
const plainValue = /[^,\]}#\n]*/y

const endOf = (pattern: RegExp, { text, at }: KeyWalk): number => {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

const isString = ({ text, at }: KeyWalk): boolean => text[at] === '"' || text[at] === "'"

/**
 * Takes quotes off a key. TOML has escapes that JSON lacks: a key with such is not found, and the
 * table around it is.
 */
const unquotedKey = (text: string): string => {
  if (text.startsWith("'")) return text.slice(1, -1)
  if (!text.startsWith('"')) return text
  try {
    return String(JSON.parse(text))
  } catch {
    return text
  }
}

/** Walks over a key with its dots, and notes its position. */
const walkKey = (walk: KeyWalk, under: KeyPath): KeyPath => {
  const path = [...under]
  const { at } = walk
  for (;;) {
    walk.at = endOf(blanks, walk)
    const end = isString(walk) ? endOfString(walk.text, walk.at) : endOf(bareName, walk)
    if (path.length < mostNames) path.push(unquotedKey(walk.text.slice(walk.at, end)))
    walk.at = end
    walk.at = endOf(blanks, walk)
    if (walk.text[walk.at] !== '.') break
    walk.at += 1
  }
  walk.found.push({ path, at })
  return path
}

const walkEntry = (walk: KeyWalk, table: KeyPath): void => {
  const path = walkKey(walk, table)
  walk.at += 1
  walk.at = endOf(blanks, walk)
  walkValue(walk, path)
}

/** Walks over a list or a table in braces, up to the bracket that ends it. */
const walkBracket = (walk: KeyWalk, path: KeyPath, end: string, item: typeof walkValue): void => {
  for (walk.at += 1; walk.at < walk.text.length; ) {
    walk.at = endOf(gaps, walk)
    const next = walk.text[walk.at]
    if (next === end || next === ',') walk.at += 1
    else item(walk, path)
    if (next === end) return
  }
}

const walkValue = (walk: KeyWalk, path: KeyPath): void => {
  if (isString(walk)) walk.at = endOfString(walk.text, walk.at)
  else if (walk.text[walk.at] === '[') walkBracket(walk, path, ']', walkValue)
  else if (walk.text[walk.at] === '{') walkBracket(walk, path, '}', walkEntry)
  else walk.at = endOf(plainValue, walk)
}

/** Walks over `[table]` or `[[tables]]`. */
const walkHeader = (walk: KeyWalk): KeyPath => {
  const brackets = walk.text.startsWith('[[', walk.at) ? 2 : 1
  walk.at += brackets
  const path = walkKey(walk, [])
  walk.at += brackets
  return path
}

/** Finds the keys of a text that the parser has accepted, in their order. */
const findKeys = (text: string): readonly FoundKey[] => {
  const walk: KeyWalk = { text, found: [], at: text.startsWith('\ufeff') ? 1 : 0 }
  let table: KeyPath = []
  for (walk.at = endOf(gaps, walk); walk.at < text.length; walk.at = endOf(gaps, walk)) {
    if (text[walk.at] === '[') table = walkHeader(walk)
    else walkEntry(walk, table)
  }
  return walk.found
}

/** A position in a text. Lines and columns count from 1. */
export interface TextPosition {
  readonly line: number
  readonly column: number
}

/**
 * Returns a function that makes a position of an offset. It parts the text into lines once, and not
 * for every key.
 */
const lineFinder = (text: string): ((at: number) => TextPosition) => {
  const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)]
  return (at) => {
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) > at) high = middle
      else low = middle
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 }
  }
}

/** Maps each path to its offset, and each beginning of a path to that of the first key under it. */
const offsetsByPath = (found: readonly FoundKey[]) => {
  const exact = new Map<string, number>()
  const beginnings = new Map<string, number>()
  const keep = (map: Map<string, number>, path: KeyPath, at: number): void => {
    const key = JSON.stringify(path)
    if (!map.has(key)) map.set(key, at)
  }
  for (const { path, at } of found) {
    keep(exact, path, at)
    for (let length = path.length - 1; length > 0; length -= 1)
      keep(beginnings, path.slice(0, length), at)
  }
  return { exact, beginnings }
}

/**
 * Finds where the keys of a text stand. The parser, which has accepted the text, tells no positions. A
 * table without a line of its own is at its first key, and a value without one at the nearest table
 * around it; undefined where there is none.
 */
export const keyPositions = (text: string): ((path: KeyPath) => TextPosition | undefined) => {
  const { exact, beginnings } = offsetsByPath(findKeys(text))
  const positionOf = lineFinder(text)
  const around = (path: KeyPath): number | undefined => {
    const key = JSON.stringify(path)
    const at = exact.get(key) ?? beginnings.get(key)
    return at ?? (path.length > 1 ? around(path.slice(0, -1)) : undefined)
  }
  return (path) => {
    const at = path.length === 0 ? undefined : around(path.slice(0, mostNames))
    return at === undefined ? undefined : positionOf(at)
  }
}
