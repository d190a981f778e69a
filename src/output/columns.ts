import { usage } from '../errors.ts'
import { octalEscapes } from '../model/etc/octal-escapes.ts'
import { type Bytes, formatBytes } from '../model/words/bytes.ts'

/** What a cell shows; undefined is what the kernel does not have, and never 0. */
export type Cell =
  | string
  | number
  | bigint
  | boolean
  | { readonly bytes: Bytes }
  | { readonly path: string }
  | undefined

export type Tone = 'good' | 'warning'

export interface Column<Row> {
  readonly name: string
  readonly help: string
  readonly align: 'left' | 'right'
  /** False for a column that is shown only where it is asked for. */
  readonly usual?: boolean
  readonly cell: (row: Row) => Cell
  readonly tone?: (row: Row) => Tone | undefined
}

/** A usual column without a colour; numbers are on the right. */
export const column = <Row>(
  name: string,
  help: string,
  cell: (row: Row) => Cell,
  align: Column<Row>['align'] = 'right',
): Column<Row> => ({ name, help, align, cell })

/** What is told of columns without showing them, as help and completion need it. */
export type ColumnInfo = Pick<Column<never>, 'name' | 'help' | 'usual'>

export interface ColumnSelection {
  /** `COL,COL`, or `+COL` to add to the usual ones. */
  readonly output?: string
  readonly all: boolean
  /** Columns that are usual because of what else was asked for. */
  readonly also: readonly string[]
}

/** The names that are shown where none are chosen. */
export const usualColumns = (
  columns: readonly ColumnInfo[],
  also: readonly string[],
): readonly string[] =>
  columns.filter(({ name, usual = true }) => usual || also.includes(name)).map(({ name }) => name)

/** The names to show. Throws E_USAGE for an unknown column, naming those that exist. */
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
  /** For scripts: no cell may be empty. */
  readonly raw: boolean
}

/** Names of files can be in any text: they may not speak to the terminal. */
export const visible = (text: string): string =>
  text.replaceAll(/\p{Cc}|\p{Bidi_Control}/gu, octalEscapes)

const pathText = (path: string, { raw }: CellStyle): string =>
  path.replace(raw ? /[\p{Cc}\p{Bidi_Control} \\]/gu : /[\p{Cc}\p{Bidi_Control}]/gu, octalEscapes)

/** A cell as text. Memory is exact in both styles: the largest unit without a rest, or bytes. */
export const cellText = (cell: Cell, style: CellStyle): string => {
  if (cell === undefined) return '-'
  if (typeof cell === 'boolean') return cell ? (style.raw ? 'yes' : '*') : style.raw ? 'no' : ''
  if (typeof cell === 'object' && 'path' in cell) return pathText(cell.path, style)
  if (typeof cell === 'object') return style.bytes ? `${cell.bytes}` : formatBytes(cell.bytes)
  return visible(`${cell}`)
}
