import { usage } from '../errors.ts'
import type { Bar } from '../model/bar.ts'
import {
  hexadecimalEscapes,
  octalEscapes,
  visible,
  withControls,
} from '../model/etc/octal-escapes.ts'
import { type Bytes, formatBytes } from '../model/words/bytes.ts'
import { plural } from '../model/words/plural.ts'

/** The value of a cell. A value that the kernel does not have is undefined and never 0. */
export type Cell =
  | string
  | number
  | bigint
  | boolean
  | { readonly bytes: Bytes }
  | { readonly count: bigint; readonly of: string }
  | undefined

/** Makes the cell of an amount of memory. */
export const bytesCell = (bytes: Bytes | undefined): Cell =>
  bytes === undefined ? undefined : { bytes }

export type Align = 'left' | 'right'

/** What a colour says of a cell. Only a wrong value has one. */
export type Tone = 'wrong'

export interface Column<Row> {
  readonly name: string
  readonly help: string
  readonly align: Align
  /**
   * False for a column that is shown only where it is asked for. The usual columns of a table fit
   * in a terminal of 80 columns.
   */
  readonly usual?: boolean
  /** True for a column that is usual where a table is shown on a terminal of `wideTerminal`. */
  readonly whereWide?: boolean
  /** Draws a bar in place of the text of the cell. */
  readonly bar?: (row: Row) => Bar | undefined
  readonly cell: (row: Row) => Cell
  readonly tone?: (row: Row) => Tone | undefined
}

/** Makes a usual column without colour. By default it is aligned to the right, as numbers are. */
export const column = <Row>(
  name: string,
  help: string,
  cell: (row: Row) => Cell,
  align: Column<Row>['align'] = 'right',
): Column<Row> => ({ name, help, align, cell })

/** Makes a column one that is shown only where it is asked for. */
export const onRequest = <Row>(shown: Column<Row>): Column<Row> => ({ ...shown, usual: false })

/**
 * The least width, in columns, of a terminal on which bars are usual: people look at it, and the
 * usual columns of text leave room there.
 */
export const wideTerminal = 100

/** Makes a column of bars, which is usual on a wide terminal alone. */
export const barColumn = <Row>(
  name: string,
  help: string,
  bar: (row: Row) => Bar | undefined,
): Column<Row> => ({
  ...onRequest(column(name, help, () => undefined, 'left')),
  whereWide: true,
  bar,
})

/** The facts about a column that help and completion need. */
export type ColumnInfo = Pick<Column<never>, 'name' | 'help' | 'usual' | 'whereWide'>

export interface ColumnSelection {
  /** `COL,COL`, or `+COL` to add to the usual ones. */
  readonly output?: string
  readonly all: boolean
  /** Columns that become usual through other options, such as --per-node. */
  readonly also: readonly string[]
}

/** Returns the names of the columns that are shown where the user chooses none. */
export const usualColumns = (
  columns: readonly ColumnInfo[],
  also: readonly string[],
): readonly string[] =>
  columns.filter(({ name, usual = true }) => usual || also.includes(name)).map(({ name }) => name)

/**
 * Returns the names of the columns to show. Throws E_USAGE for an unknown column and names those
 * that exist.
 */
export const selectColumns = (
  columns: readonly ColumnInfo[],
  selection: ColumnSelection,
): readonly string[] => {
  const known = columns.map(({ name }) => name)
  if (selection.all) return known
  const shown = usualColumns(columns, selection.also)
  if (selection.output === undefined) return shown
  const adds = selection.output.startsWith('+')
  const named = selection.output.slice(adds ? 1 : 0).split(',')
  const names = named.map((name) => name.toUpperCase())
  const unknown = names.findIndex((name) => !known.includes(name))
  if (unknown >= 0)
    throw usage(`'${named[unknown]}' is not a column`, `the columns are ${known.join(', ')}`)
  return adds ? [...shown, ...names.filter((name) => !shown.includes(name))] : names
}

export interface CellStyle {
  readonly bytes: boolean
  /** Whether the text is one field of a line that is split at blanks, so that it is never empty. */
  readonly raw: boolean
  /** Whether the text stands between double quotes. */
  readonly pairs?: boolean
}

/**
 * Encodes a text that may hold anything, such as a path, in the one way that its format has. A raw
 * text is one field, as the kernel writes it in /proc/mounts. In a pair no character of it is an
 * expansion or the end of the value for a shell, as fputs_quoted of util-linux writes it.
 */
const encoded = (text: string, { raw, pairs = false }: CellStyle): string => {
  if (pairs) return withControls(text.replace(/["\\`$]/g, hexadecimalEscapes), hexadecimalEscapes)
  if (!raw) return visible(text)
  // The name that a process gave itself can be empty, and every line has equally many fields.
  return text === '' ? '-' : visible(text.replace(/[\p{Zs}\\]/gu, octalEscapes))
}

const absentText = ({ pairs = false }: CellStyle): string => (pairs ? '' : '-')

const booleanText = (is: boolean, { raw, pairs = false }: CellStyle): string =>
  raw || pairs ? (is ? 'yes' : 'no') : is ? '*' : '-'

/**
 * Formats a cell. Memory is exact in both styles: in the largest unit that leaves no rest, or in
 * bytes.
 */
export const cellText = (cell: Cell, style: CellStyle): string => {
  if (cell === undefined) return absentText(style)
  if (typeof cell === 'string') return encoded(cell, style)
  if (typeof cell === 'boolean') return booleanText(cell, style)
  if (typeof cell !== 'object') return `${cell}`
  // A script splits the line at blanks, so a count is printed without its noun.
  if ('count' in cell)
    return style.raw || style.pairs ? `${cell.count}` : plural(cell.count, cell.of)
  return style.bytes ? `${cell.bytes}` : formatBytes(cell.bytes)
}
