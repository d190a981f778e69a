import type { Bar, BarPart } from '../model/bar.ts'
import { present } from '../model/words/present.ts'
import type { Align, CellStyle, Column, Tone } from './columns.ts'
import { cellText } from './columns.ts'

/** Rows with the columns that can be shown of them. */
export interface ShownRows<Row> {
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
}

/** A table whose cells are text. The aligned and the raw format are both printed from it. */
export interface TextRows {
  readonly headings: readonly string[]
  readonly aligns: readonly Align[]
  /** The positions of the columns that bars are drawn in; absent where there are none. */
  readonly bars?: readonly number[]
  readonly rows: readonly (readonly TextCell[])[]
}

export interface TextCell {
  readonly text: string
  readonly tone?: Tone
  /** What is drawn in place of the text. */
  readonly bar?: Bar
  /** The parts of a bar that was drawn, whose texts together are the text. */
  readonly drawn?: readonly { readonly part?: BarPart; readonly text: string }[]
}

export const textRows = <Row>(
  { columns, rows }: ShownRows<Row>,
  names: readonly string[],
  style: CellStyle,
): TextRows => {
  const chosen = names.flatMap((name) => columns.find((column) => column.name === name) ?? [])
  const bars = chosen.flatMap((column, index) => (column.bar === undefined ? [] : [index]))
  const textCell = (row: Row) => (column: Column<Row>) => {
    const text = cellText(column.cell(row), style)
    if (column.bar !== undefined) return present({ text, bar: column.bar(row) })
    const tone = column.tone?.(row)
    // Tables may have thousands of cells, for which `present` takes a twentieth of the whole time.
    return tone === undefined ? { text } : { text, tone }
  }
  return {
    headings: chosen.map(({ name }) => name),
    aligns: chosen.map(({ align }) => align),
    rows: rows.map((row) => chosen.map(textCell(row))),
    ...(bars.length > 0 ? { bars } : {}),
  }
}

/** Returns a table with the columns at these positions alone. */
export const columnsAt = (table: TextRows, positions: readonly number[]): TextRows => {
  const only = <T>(all: readonly T[]): readonly T[] => positions.flatMap((at) => all[at] ?? [])
  const bars = positions.flatMap((at, index) => (table.bars?.includes(at) ? [index] : []))
  return {
    headings: only(table.headings),
    aligns: only(table.aligns),
    rows: table.rows.map(only),
    ...(bars.length > 0 ? { bars } : {}),
  }
}
