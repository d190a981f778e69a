import type { WatchState } from '../../model/telemetry/watch-state.ts'
import { plain } from '../colour.ts'
import { holdColumns } from '../processes/hold-columns.ts'
import type { Format } from '../render.ts'
import { tableText } from '../render.ts'
import { gap, widthOf } from '../table.ts'
import { columnsAt, type TextRows, textRows } from '../text-rows.ts'
import type { FrameStyle } from './watch-frame.ts'
import { watchColumns, watchedHolds, watchRows } from './watch-rows.ts'

/** The columns of pools from the widest terminal to the narrowest. The first that fit are shown. */
const columnSets: readonly (readonly string[])[] = [
  'SIZE NODE TOTAL GROWTH FREE RESERVED AVAILABLE IN-USE SURPLUS MEMORY CHANGE RATE SO-FAR AVERAGE USE',
  'SIZE NODE TOTAL GROWTH RESERVED AVAILABLE IN-USE SURPLUS CHANGE RATE SO-FAR AVERAGE USE',
  'SIZE NODE TOTAL GROWTH RESERVED AVAILABLE IN-USE CHANGE RATE SO-FAR USE',
  'SIZE NODE TOTAL GROWTH AVAILABLE IN-USE CHANGE RATE SO-FAR USE',
  'SIZE NODE TOTAL AVAILABLE IN-USE CHANGE RATE USE',
  'SIZE NODE TOTAL AVAILABLE IN-USE CHANGE USE',
  'SIZE NODE AVAILABLE IN-USE CHANGE USE',
  'SIZE NODE AVAILABLE IN-USE CHANGE',
  'SIZE NODE IN-USE CHANGE',
  'SIZE NODE IN-USE',
].map((names) => names.split(' '))

/** The columns of the narrowest bar that shows anything, with its ends. */
const leastBar = 10
/** A rate has other digits at every look. With this much room it does not change the bars beside it. */
const leastRate = 6

const leastWidths: Readonly<Record<string, number>> = { USE: leastBar, RATE: leastRate }

const withGaps = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width + gap, -gap)

/**
 * The columns of the first set that fits, or else of the last, and how many columns of the terminal
 * bars can take. Every cell is made and measured once, for all sets.
 */
const fittingColumns = (
  all: TextRows,
  sets: readonly (readonly string[])[],
  columns: number,
): readonly [TextRows, number] => {
  const taken = all.headings.map((heading, at) => {
    const texts = all.rows.map((row) => row[at]?.text ?? '')
    const width = Math.max(...[heading, ...texts].map(widthOf))
    return { width, least: Math.max(width, leastWidths[heading] ?? 0) }
  })
  const leastOf = (positions: readonly number[]): number =>
    withGaps(positions.map((at) => taken[at]?.least ?? 0))
  const positionSets = sets.map((names) => names.map((name) => all.headings.indexOf(name)))
  const fitting =
    positionSets.find((positions) => leastOf(positions) <= columns) ?? positionSets.at(-1) ?? []
  const rates = fitting.filter((at) => all.headings[at] === 'RATE')
  const spared = rates.reduce((sum, at) => sum + leastRate - (taken[at]?.width ?? 0), 0)
  return [columnsAt(all, fitting), columns - Math.max(0, spared)]
}

/** The sets whose headings alone fit, or else the last: no cell is made for a set that cannot be shown. */
const possibleSets = (sets: readonly (readonly string[])[], columns: number) => {
  const leastOf = (names: readonly string[]): number =>
    withGaps(names.map((name) => Math.max(name.length, leastWidths[name] ?? 0)))
  const possible = sets.filter((names) => leastOf(names) <= columns)
  return possible.length > 0 ? possible : sets.slice(-1)
}

/** The lines of a table; the first one has the headings. */
const linesOf = async (table: TextRows, format: Format, { paint = plain }: FrameStyle) => {
  const text = await tableText(table, format, paint)
  return text === '' ? [] : text.split('\n')
}

/** The lines of the pools, of which `skip` are above the screen. */
export const framedPools = async (
  state: WatchState,
  style: FrameStyle,
  skip: number,
): Promise<readonly string[]> => {
  const { format, columns, chosen } = style
  const rows = watchRows(state).slice(skip, skip + style.rows)
  if (rows.length === 0) return []
  const known = (chosen === undefined ? columnSets : [chosen]).map((names) =>
    names.filter((name) => state.perNode || name !== 'NODE'),
  )
  const sets = possibleSets(known, columns)
  const all = textRows({ columns: watchColumns, rows }, [...new Set(sets.flat())], format)
  const [table, terminal] = fittingColumns(all, sets, columns)
  return linesOf(table, { ...format, terminal }, style)
}

/** A terminal with fewer columns has no room for all that is usual of holders. */
const usualHolders = 60

/** The lines of the holders, of which `skip` are above the screen. */
export const framedHolders = async (
  state: WatchState,
  style: FrameStyle,
  skip: number,
): Promise<readonly string[]> => {
  const { format, columns } = style
  const names =
    columns < usualHolders
      ? ['PID', 'COMMAND', 'SIZE', 'PAGES']
      : ['PID', 'USER', 'COMMAND', 'HOLDS', 'SIZE', 'PAGES', 'RESERVED', 'NAME']
  const rows = watchedHolds(state).slice(skip, skip + style.rows)
  return rows.length === 0
    ? []
    : linesOf(textRows({ columns: holdColumns, rows }, names, format), format, style)
}
