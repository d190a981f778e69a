import { parse, stringify, TomlError } from 'smol-toml'
import { tomlEscape, withControls } from '../etc/octal-escapes.ts'
import { configError } from './config-fault.ts'

/** Dates and numbers with a point are no values of a configuration. */
export type TomlValue = string | bigint | boolean | readonly TomlValue[] | TomlTable
export interface TomlTable {
  readonly [key: string]: TomlValue
}

/** So many tables and lists can lie in each other. A configuration has three. */
const mostNested = 16

/** Returns the first line of an error of the parser, without its excerpt of the file. */
const parserWords = ({ message }: TomlError): string =>
  (message.split('\n', 1)[0] ?? '').replace(/^Invalid TOML document: /, '')

/** The parser says this of values, which nearly always lack quotes. */
const isAboutValue = /numeric literal|leading zero|invalid value/
const quotesHint = 'values that are no plain numbers stand in quotes, as in pages = "0:512,1:256"'

/** The parser says this of a name that has a slash in it, as a path has. */
const isAboutName = /\bkey\b/
const nameHint = 'paths stand in quotes, as in [mounts."/mnt/huge"]'

const faultHint = (words: string, line: string): string | undefined => {
  if (isAboutValue.test(words)) return quotesHint
  return isAboutName.test(words) && line.includes('/') ? nameHint : undefined
}

/**
 * Reads a text of TOML. Whole numbers become bigint, whatever their size. Throws E_CONFIG with the
 * line and the column.
 */
export const parseToml = (text: string, file: string): TomlTable => {
  try {
    return parse(text, {
      integersAsBigInt: true,
      maxDepth: mostNested,
      unsafeKeyBehaviour: 'throw',
    }) as TomlTable
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const { line, column } = error
    const words = parserWords(error)
    const hint = faultHint(words, text.split('\n')[line - 1] ?? '')
    throw configError({ file, line, column, key: '' }, `no TOML: ${words}`, hint)
  }
}

const isTable = (value: TomlValue): value is TomlTable =>
  typeof value === 'object' && !Array.isArray(value)

/** Leaves out tables in which there is nothing. */
const filled = (table: TomlTable): TomlTable =>
  Object.fromEntries(
    Object.entries(table).filter(([, value]) => !isTable(value) || Object.keys(value).length > 0),
  )

/**
 * Writes tables as a text of TOML, with plain values first. Empty tables of the root are left out.
 * Characters that a terminal could obey are within quotes, and are escaped there.
 */
export const tomlText = (table: TomlTable): string =>
  stringify(filled(table))
    .split('\n')
    .map((line) => withControls(line, tomlEscape))
    .join('\n')
