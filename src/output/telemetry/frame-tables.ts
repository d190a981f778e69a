import type { WatchState } from '../../model/telemetry/watch-state.ts'
import { plain } from '../colour.ts'
import { holdColumns } from '../processes/hold-columns.ts'
import type { Format } from '../render.ts'
import { tableText } from '../render.ts'
import { gap, widthOf } from '../table.ts'
import { type TextRows, textRows } from '../text-rows.ts'
import type { FrameStyle } from './watch-frame.ts'
import { watchColumns, watchedHolds, watchRows } from './watch-rows.ts'

const bar = 'USE'
/** The fewest columns that a bar needs to show anything, with its ends. */
const leastBar = 10

/** The columns of pools from the widest terminal to the narrowest. The first that fit are shown. */
const columnSets: readonly (readonly string[])[] = [
  'SIZE NODE TOTAL FREE RESERVED AVAILABLE IN-USE SURPLUS MEMORY CHANGE PER-SECOND SINCE-START USE',
  'SIZE NODE TOTAL FREE RESERVED AVAILABLE IN-USE CHANGE PER-SECOND SINCE-START USE',
  'SIZE NODE TOTAL RESERVED AVAILABLE IN-USE CHANGE SINCE-START USE',
  'SIZE NODE TOTAL AVAILABLE IN-USE CHANGE USE',
  'SIZE NODE AVAILABLE IN-USE CHANGE USE',
  'SIZE NODE AVAILABLE IN-USE CHANGE',
  'SIZE NODE IN-USE CHANGE',
  'SIZE NODE IN-USE',
].map((names) => names.split(' '))

const widthOfTable = ({ headings, rows }: TextRows): number =>
  headings.reduce((sum, heading, index) => {
    const texts = rows.map((row) => row[index]?.text ?? '')
    const width = heading === bar ? leastBar : Math.max(...[heading, ...texts].map(widthOf))
    return sum + width + gap
  }, -gap)

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
  const rows = watchRows(state).slice(skip)
  if (rows.length === 0) return []
  const sets = chosen === undefined ? columnSets : [chosen]
  const tables = sets.map((names) =>
    textRows(
      { columns: watchColumns, rows },
      names.filter((name) => state.perNode || name !== 'NODE'),
      format,
    ),
  )
  const fitting = tables.find((table) => widthOfTable(table) <= columns) ?? tables.at(-1)
  return fitting === undefined ? [] : linesOf(fitting, { ...format, terminal: columns }, style)
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
