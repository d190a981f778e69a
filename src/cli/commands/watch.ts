import { usage } from '../../errors.ts'
import { parseUntil, untilHolds } from '../../model/telemetry/until-expression.ts'
import type { WatchState } from '../../model/telemetry/watch-state.ts'
import { parseInterval, parseLooks, parseWatchTime } from '../../model/telemetry/watch-times.ts'
import { formatDuration } from '../../model/words/duration.ts'
import { parseSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import type { Onlooker, WatchEnd, WatchRequest } from '../../operations/telemetry/watch-pools.ts'
import { type CellStyle, usualColumns } from '../../output/columns.ts'
import { holdColumns } from '../../output/processes/hold-columns.ts'
import { watchDocument } from '../../output/telemetry/watch-document.ts'
import { watchColumns, watchedHolds, watchRows } from '../../output/telemetry/watch-rows.ts'
import { textRows } from '../../output/text-rows.ts'
import { define, type StyledScreen, type Words } from '../command.ts'
import { jsonOption, outputAllOption, outputOption, perNodeOption } from '../options/option.ts'
import {
  intervalOption,
  lookCountOption,
  timeoutOption,
  untilOption,
  withHoldersOption,
} from '../options/watch-option.ts'
import { typedValue } from '../typed-values.ts'

/** A look of a watch, or its end. */
interface Watched extends Pick<WatchEnd, 'state' | 'holds' | 'signal'> {
  readonly isEnd: boolean
}

interface TypedWatch extends WatchRequest {
  /** Whether the user chose the columns. */
  readonly areChosen: boolean
  readonly isJson: boolean
}

const resolve = (words: Words): TypedWatch => {
  const { operands, switches, values } = words
  const until = typedValue(words, untilOption, parseUntil)
  const timeout = typedValue(words, timeoutOption, parseWatchTime)
  if (timeout !== undefined && until === undefined)
    throw usage(`--${timeoutOption.name} is of no use without --${untilOption.name}`)
  return present({
    sizes: operands.map(parseSize),
    perNode: switches.has(perNodeOption.name),
    holders: switches.has(withHoldersOption.name),
    interval: typedValue(words, intervalOption, parseInterval) ?? 2000,
    count: typedValue(words, lookCountOption, parseLooks),
    until,
    timeout,
    isJson: switches.has(jsonOption.name),
    areChosen: outputOption.name in values || switches.has(outputAllOption.name),
  })
}

/**
 * Says that the expression did not come true. A document has the expression itself, and whether it
 * is true.
 */
const untilWords = ({ until, timeout, isJson }: TypedWatch, { holds, signal }: Watched) => {
  if (isJson || until === undefined || holds !== false || signal !== undefined) return []
  const within = timeout === undefined ? '' : ` within ${formatDuration(timeout)}`
  return [`'${until.text}' did not come true${within}`]
}

const watchTable = (state: WatchState, names: readonly string[], style: CellStyle) => {
  const rows = watchRows(state)
  return textRows({ columns: watchColumns, rows }, rows.length > 0 ? names : [], style)
}

const holdersTable = (state: WatchState, style: CellStyle) => {
  const rows = watchedHolds(state)
  const names = rows.length > 0 ? usualColumns(holdColumns, []) : []
  return textRows({ columns: holdColumns, rows }, names, style)
}

/** Returns what is waited for, and whether the last look saw it. */
const untilAnswer = ({ until }: WatchRequest, { last }: WatchState) =>
  until && last && { text: until.text, holds: untilHolds(until, last) }

/** Draws each state on the whole terminal, and heeds its keys. */
const filledBy = async (screen: StyledScreen, { areChosen }: TypedWatch): Promise<Onlooker> => {
  const { watchFrame } = await import('../../output/telemetry/watch-frame.ts')
  const { format, paint } = screen
  const chosen = areChosen ? { chosen: format.columns } : {}
  return {
    key: screen.key,
    show: async (state) => {
      screen.draw(await watchFrame(state, { ...screen.size(), format, paint, ...chosen }))
      return true
    },
  }
}

export const watchCommand = define<'watch', TypedWatch, Watched>({
  details: [
    'On a terminal it fills the screen and heeds keys: q quits, ? tells the others. Elsewhere it',
    'prints a table for each look, or with --json a document a line. CHANGE tells how many pages',
    'came into use since the look before. With --until the status is 0 as soon as the expression',
    'is true, and 5 where the time is up before.',
  ],
  operands: { usage: '[SIZE...]', least: 0, most: Number.POSITIVE_INFINITY, completes: 'size' },
  options: [
    perNodeOption,
    intervalOption,
    withHoldersOption,
    lookCountOption,
    untilOption,
    timeoutOption,
  ],
  columns: watchColumns,
  examples: [
    { line: 'hugepool watch -N', meaning: 'all pools on all nodes, every 2 seconds' },
    { line: 'hugepool watch 1G --who', meaning: 'the pool of 1G pages and who holds them' },
    { line: 'hugepool watch --json --interval 10 --count 6', meaning: 'record a minute' },
    {
      line: "hugepool watch --until '2M.available>=512' --timeout 60s",
      meaning: 'wait until 512 pages of 2M can be had',
    },
  ],
  resolve,
  run: async (request, ports, { show, screen }) => {
    const { watchPools } = await import('../../operations/telemetry/watch-pools.ts')
    const opened = request.count === undefined ? await screen() : undefined
    const shown = { show: (state: WatchState) => show({ state, isEnd: false }) }
    try {
      const onlooker = opened === undefined ? shown : await filledBy(opened, request)
      return { ...(await watchPools(ports, request, onlooker)), isEnd: true }
    } finally {
      opened?.close()
    }
  },
  view: (watched, request) => ({
    rows: (names, style) => watchTable(watched.state, names, style),
    ...(watched.state.showsHolders && {
      moreRows: (style: CellStyle) => holdersTable(watched.state, style),
    }),
    document: () => watchDocument(watched.state, untilAnswer(request, watched.state)),
    notes: watched.isEnd ? [] : (watched.state.last?.remarks ?? []),
    words: untilWords(request, watched),
    hints: [],
    partial: false,
    isShown: watched.isEnd,
    isNo: watched.holds === false,
    ...present({ signal: watched.signal }),
  }),
})
