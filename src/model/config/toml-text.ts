import { parse, TomlError } from 'smol-toml'
import { configError } from './config-fault.ts'

/** Tables within tables and lists: a configuration has three. */
const mostNested = 16

/** The first line of an error of the parser, without its excerpt of the file. */
const wordsOf = ({ message }: TomlError): string =>
  (message.split('\n', 1)[0] ?? '').replace(/^Invalid TOML document: /, '')

/**
 * Reads a text of TOML. Whole numbers become bigint, whatever their size. Throws E_CONFIG with line
 * and column. This file alone knows the parser.
 */
export const parseToml = (text: string, file: string): unknown => {
  try {
    return parse(text, {
      integersAsBigInt: true,
      maxDepth: mostNested,
      unsafeKeyBehaviour: 'throw',
    })
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const { line, column } = error
    throw configError({ file, line, column, key: '' }, `no TOML: ${wordsOf(error)}`)
  }
}
