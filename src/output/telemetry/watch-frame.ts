import { visible } from '../../model/etc/octal-escapes.ts'
import { keyHelp } from '../../model/telemetry/watch-keys.ts'
import { shownPoolLines } from '../../model/telemetry/watch-scroll.ts'
import type { WatchState } from '../../model/telemetry/watch-state.ts'
import { formatDuration } from '../../model/words/duration.ts'
import type { Paint } from '../colour.ts'
import type { Format } from '../render.ts'
import { cutLine } from './cut-line.ts'
import { framedHolders, framedPools } from './frame-tables.ts'
import { timeOfDay } from './watch-rows.ts'

/** What a watch is drawn on, and how. */
export interface FrameStyle {
  readonly columns: number
  readonly rows: number
  readonly format: Format
  readonly paint: Paint
  /** The columns that the user asked for. Otherwise those are shown that have room. */
  readonly chosen?: readonly string[]
}

/** What the first line says, from the widest terminal to the narrowest: a pause is always seen. */
const headParts = (state: WatchState): readonly (readonly string[])[] => {
  const { last, interval, isPaused, showsHolders, holderOrder, poolOrder } = state
  const time = timeOfDay(last?.moment ?? 0)
  const rhythm = `every ${formatDuration(interval)}`
  const pause = isPaused ? ['paused'] : []
  const order = `by ${showsHolders ? holderOrder : poolOrder}`
  return [
    ['hugepool watch', time, rhythm, ...pause, order],
    [time, rhythm, ...pause, order],
    [time, ...(isPaused ? pause : [rhythm])],
  ]
}

const headline = (state: WatchState, { columns }: FrameStyle): string => {
  const lines = headParts(state).map((parts) => parts.join('  '))
  const left = lines.find((line) => line.length <= columns) ?? lines.at(-1) ?? ''
  const right = '? help'
  const room = columns - left.length - right.length
  return room < 2 ? left : `${left}${' '.repeat(room)}${right}`
}

const helpLines: readonly string[] = [
  '',
  ...keyHelp.map(([keys, text]) => `${keys.padEnd(8)}${text}`),
]

/** Sentences about what was seen, as many as may take room from what happened. */
const mostRemarks = 2

const eventLines = ({ events }: WatchState, room: number, paint: Paint): readonly string[] => {
  if (room < 2 || events.length === 0) return []
  const lines = events
    .slice(-(room - 1))
    .map(({ moment, words }) => `${timeOfDay(moment)} ${visible(words)}`)
  return [paint.heading('EVENTS'), ...lines]
}

/** The least lines for what happened, its heading included, by the lines of the screen. */
const leastEvents = (rows: number): number => (rows < 8 ? 0 : rows < 16 ? 3 : 5)

/** How many lines each table may have of those that are left: both share where one is too long. */
const shared = (room: number, pools: number, holders: number): readonly [number, number] => {
  if (holders === 0) return [Math.min(pools, room), 0]
  const half = Math.floor(room / 2)
  const ofPools = Math.min(pools, Math.max(half, room - holders))
  return [ofPools, Math.min(holders, room - ofPools)]
}

const bodyLines = async (state: WatchState, style: FrameStyle): Promise<readonly string[]> => {
  const { rows, paint } = style
  const { showsHolders, scroll, last } = state
  const pools = await framedPools(state, style, scroll)
  const above = Math.max(0, scroll - shownPoolLines(state))
  const holders = showsHolders ? await framedHolders(state, style, above) : []
  const remarks = (last?.remarks ?? []).slice(0, mostRemarks).map(visible)
  const room = Math.max(0, rows - 1 - leastEvents(rows))
  const [ofPools, ofHolders] = shared(room, pools.length, holders.length)
  const tables = [...pools.slice(0, ofPools), ...holders.slice(0, ofHolders)]
  const left = rows - 1 - tables.length
  const said = left > remarks.length + 1 ? remarks : []
  return [...tables, ...said, ...eventLines(state, left - said.length, paint)]
}

/**
 * Draws a watch: pools, holders where they are shown, and what happened last. No line is longer than
 * the screen is wide, and there are not more than it has. Names that processes gave themselves have no
 * character that controls a terminal.
 */
export const watchFrame = async (
  state: WatchState,
  style: FrameStyle,
): Promise<readonly string[]> => {
  const { columns, rows, paint } = style
  const below = state.showsHelp ? helpLines : await bodyLines(state, style)
  const head = cutLine(headline(state, style), columns)
  return [paint.heading(head), ...below.map((line) => cutLine(line, columns))].slice(0, rows)
}
