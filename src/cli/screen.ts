import { wideTerminal } from '../output/columns.ts'
import type { Format } from '../output/render.ts'
import type { Streams } from '../output/streams.ts'
import type { CommandInfo, Words } from './command.ts'
import {
  jsonOption,
  outputAllOption,
  outputOption,
  pairsOption,
  rawOption,
} from './options/option.ts'

/** What standard output is written to. */
export type Screen = Pick<Streams, 'outIsTerminal' | 'outColumns' | 'environment'>

/** Whether the locale has the characters of UTF-8, by the variables of locale(7). */
export const isUnicode = ({ LC_ALL, LC_CTYPE, LANG }: Screen['environment']): boolean =>
  /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '')

/** Options for output that only scripts read, whose columns are not aligned. */
const unaligned: readonly string[] = [jsonOption.name, rawOption.name, pairsOption.name]

/** Returns the names of columns that the user typed. */
const namedColumns = ({ values }: Words): readonly string[] =>
  (values[outputOption.name] ?? '').toUpperCase().split(/[+,]/)

interface ScreenFacts extends Pick<Format, 'terminal' | 'whereRoom'> {
  /** The columns of bars that are usual here. */
  readonly usual?: readonly string[]
}

/**
 * Reads the facts on which only columns of bars depend. A command without such columns does not ask
 * for the width of the terminal, which takes time.
 */
export const screenFacts = (command: CommandInfo, words: Words, screen: Screen): ScreenFacts => {
  const bars = command.columns.filter(({ whereWide = false }) => whereWide)
  if (bars.length === 0 || unaligned.some((name) => words.switches.has(name))) return {}
  const terminal = screen.outIsTerminal ? screen.outColumns?.() : undefined
  if (terminal === undefined) return {}
  const usual = terminal < wideTerminal ? [] : bars.map(({ name }) => name)
  const named = namedColumns(words)
  const asked = (name: string) => words.switches.has(outputAllOption.name) || named.includes(name)
  return { terminal, usual, whereRoom: usual.filter((name) => !asked(name)) }
}
