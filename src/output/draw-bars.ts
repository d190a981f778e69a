import { type Bar, barCells } from '../model/bar.ts'
import { asciiGlyphs, type BarGlyphs, barEnds, unicodeGlyphs } from './bar-glyphs.ts'
import type { Format } from './render.ts'
import { columnsAt, type TextCell, type TextRows } from './text-rows.ts'

/** The cells of a bar where no terminal says how many there is room for. */
const usualCells = 20
/** Fewer cells show nothing that the numbers do not say better. */
const leastCells = 8
/** More cells are harder to compare than numbers. */
const mostCells = 80

type Drawn = NonNullable<TextCell['drawn']>

const drawnBar = (bar: Bar, width: number, glyphs: BarGlyphs): Drawn => [
  { text: barEnds[0] },
  ...barCells(bar, width).map(({ part, cells }) => ({ part, text: glyphs[part].repeat(cells) })),
  { text: barEnds[1] },
]

/** Draws a bar of `width` cells between its ends. */
export const barText = (bar: Bar, width: number, glyphs: BarGlyphs): string =>
  drawnBar(bar, width, glyphs)
    .map(({ text }) => text)
    .join('')

/** Returns a table without the columns at these positions. */
const withoutColumns = (table: TextRows, positions: readonly number[]): TextRows =>
  columnsAt(
    table,
    [...table.headings.keys()].filter((at) => !positions.includes(at)),
  )

/**
 * Returns the number of cells that the terminal has room for in each bar of a table. Texts are
 * measured by the module that aligns them later.
 */
const cellsThatFit = async (table: TextRows, bars: readonly number[], format: Format) => {
  const { gap, widthOf } = await import('./table.ts')
  const { headings, rows } = withoutColumns(table, bars)
  const widths = headings.map((heading, index) => {
    const texts = rows.map((row) => row[index]?.text ?? '')
    return Math.max(...[format.headings ? heading : '', ...texts].map(widthOf))
  })
  const taken = widths.reduce((sum, width) => sum + width + gap, 0)
  const left = (format.terminal ?? 0) - taken - gap * (bars.length - 1)
  return Math.floor(left / bars.length) - barEnds.join('').length
}

/** Draws bars of `width` cells. A cell without a bar keeps its text. */
const drawn = (table: TextRows, width: number, unicode: boolean): TextRows => {
  const glyphs = unicode ? unicodeGlyphs : asciiGlyphs
  const drawnCell = (cell: TextCell): TextCell => {
    if (cell.bar === undefined) return cell
    const pieces = drawnBar(cell.bar, width, glyphs)
    return { text: pieces.map(({ text }) => text).join(''), drawn: pieces }
  }
  return { ...table, rows: table.rows.map((row) => row.map(drawnCell)) }
}

/**
 * Draws the bars of a table. They take what its texts leave of the terminal, so that no line is
 * longer than that; bars that nobody asked for are left out where there is too little, or where no
 * line has one. Without a terminal, and where nothing is aligned, their width is always the same.
 */
export const withDrawnBars = async (table: TextRows, format: Format): Promise<TextRows> => {
  const { raw, pairs = false, terminal, whereRoom = [], unicode = false } = format
  const { bars = [] } = table
  if (raw || pairs || terminal === undefined) return drawn(table, usualCells, unicode)
  if (bars.length === 0) return table
  const room = await cellsThatFit(table, bars, format)
  const spared = bars
    .filter((at) => whereRoom.includes(table.headings[at] ?? ''))
    .filter((at) => room < leastCells || table.rows.every((row) => row[at]?.bar === undefined))
  if (spared.length > 0) return withDrawnBars(withoutColumns(table, spared), format)
  return drawn(table, Math.min(Math.max(room, leastCells), mostCells), unicode)
}
