import Table from 'cli-table3'
import type { Align } from './columns.ts'

/** A cell and the function that colours it. Colour takes no width on a terminal. */
export interface PaintedCell {
  readonly text: string
  readonly paint?: (text: string) => string
}

/**
 * The number of blanks between two columns. They are padding on the right, so that a column may be
 * empty.
 */
export const gap = 2

/** Parts the columns in what cli-table3 returns, and is not shown. No cell has this character. */
const border = '\0'

const borderless = {
  chars: {
    ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
    ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
    ...{ left: '', 'left-mid': '', right: '', 'right-mid': '' },
    ...{ mid: '', 'mid-mid': '', middle: border },
  },
  style: { 'padding-left': 0, 'padding-right': gap, head: [], border: [] },
  /**
   * The mark for cut text is never shown, because every column is as wide as its widest text. But
   * cli-table3 also cuts every cell to ten columns for its own debugging, one character at a time.
   * A mark of ten columns avoids that work.
   */
  truncate: ' '.repeat(10),
}

/**
 * Matches text of one column per character. Nearly all text is like this and need not be measured.
 */
const narrow = /^[ -~]*$/

/** Measures text with cli-table3, because the width has to agree with its layout. */
const displayWidth = (text: string): number => {
  const table = new Table(borderless)
  table.push([text])
  table.toString()
  return (table.options.colWidths[0] ?? gap) - gap
}

/** Returns the width of a text on a terminal, in columns. */
export const widthOf = (text: string): number =>
  narrow.test(text) ? text.length : displayWidth(text)

const painted = ({ text, paint }: PaintedCell): string => (paint === undefined ? text : paint(text))

/**
 * The number of texts that cli-table3 gets as the lines of one cell. A cell costs as much time as
 * twenty lines, but cli-table3 measures all lines of a cell again for each of them. 16 lines per
 * cell cost the least.
 */
const linesOfCell = 16

/**
 * A column of a table: the width of its widest text, and its different cells as they are painted.
 */
interface LaidOutColumn {
  readonly width: number
  readonly align: Align
  readonly different: readonly string[]
}

const columnOf = (cells: readonly PaintedCell[], align: Align): LaidOutColumn => {
  const texts = new Map<string, string>()
  for (const cell of cells) texts.set(painted(cell), cell.text)
  return {
    width: [...texts.values()].reduce((widest, text) => Math.max(widest, widthOf(text)), 0),
    align,
    different: [...texts.keys()],
  }
}

const blocksOf = ({ different }: LaidOutColumn): number => Math.ceil(different.length / linesOfCell)

/**
 * Lays out the different cells of columns that have equally many blocks. Returns the lines of
 * cli-table3 by column: line N has the Nth different cell of each.
 */
const layOut = (
  columns: readonly LaidOutColumn[],
  blocks: number,
): readonly (readonly string[])[] => {
  const table = new Table({
    ...borderless,
    colWidths: columns.map(({ width }) => width + gap),
    colAligns: columns.map(({ align }) => align),
  })
  for (let from = 0; from < blocks * linesOfCell; from += linesOfCell)
    table.push(columns.map(({ different }) => different.slice(from, from + linesOfCell).join('\n')))
  return table
    .toString()
    .split('\n')
    .map((line) => line.split(border))
}

type Layout = ReadonlyMap<string, string>

/**
 * Lays out every different cell of each column once, because most columns have few. A table of
 * cli-table3 costs as much as ten cells, and it draws all cells of a row as high as the highest.
 */
const layoutsOf = (columns: readonly LaidOutColumn[]): ReadonlyMap<LaidOutColumn, Layout> => {
  const layouts = new Map<LaidOutColumn, Layout>()
  for (const blocks of new Set(columns.map(blocksOf))) {
    const alike = columns.filter((column) => blocksOf(column) === blocks)
    const lines = layOut(alike, blocks)
    for (const [index, column] of alike.entries())
      layouts.set(
        column,
        new Map(column.different.map((cell, line) => [cell, lines[line]?.[index] ?? cell])),
      )
  }
  return layouts
}

/** Aligns columns two blanks apart, as lsmem(1) and lsblk(8) print them. Every cell is one line. */
export const alignedText = (
  rows: readonly (readonly PaintedCell[])[],
  aligns: readonly Align[],
): string => {
  const columns = aligns.map((align, index) =>
    columnOf(
      rows.flatMap((row) => row[index] ?? []),
      align,
    ),
  )
  const layouts = layoutsOf(columns)
  const shown = columns.map((column) => layouts.get(column))
  const cellText = (cell: PaintedCell, index: number): string =>
    shown[index]?.get(painted(cell)) ?? ''
  return rows.map((row) => row.map(cellText).join('').replace(/ +$/, '')).join('\n')
}
