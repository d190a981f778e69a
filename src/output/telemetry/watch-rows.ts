import { type ShownPool, shownAvailable, shownInUse } from '../../model/pools/shown-pool.ts'
import type { SummedHold } from '../../model/processes/who/sum-holds.ts'
import { type CounterChange, counterDifferences } from '../../model/telemetry/counter-changes.ts'
import { type PoolLook, poolNodeKey } from '../../model/telemetry/pool-look.ts'
import type { HolderOrder, PoolOrder, WatchState } from '../../model/telemetry/watch-state.ts'
import { ascending } from '../../model/words/bytes.ts'
import { present } from '../../model/words/present.ts'
import { type Column, column, onRequest } from '../columns.ts'
import { type PoolRow, poolColumns, poolRows } from '../pools/pool-rows.ts'
import { userOfHold } from '../processes/hold-columns.ts'

/** One line of `watch`: a line of `list`, with what changed in it. Without another look nothing did. */
export interface WatchRow extends PoolRow {
  /** How many more pages are in use than at the look before; negative for fewer. */
  readonly change?: bigint
  /** How many more pages are in use than at the first look; negative for fewer. */
  readonly soFar?: bigint
  /** The pages of `change` for each second since the look before. */
  readonly rate?: number
  /** The pages of `soFar` for each second since the first look. */
  readonly average?: number
  /** How many more pages there are altogether than at the first look. */
  readonly growth?: bigint
  readonly moment: number
}

const descending = (one: bigint, other: bigint): number => ascending(other, one)

type Differences = ReadonlyMap<string, CounterChange>

const noDifferences: Differences = new Map()

const magnitude = (difference = 0n): bigint => (difference < 0n ? -difference : difference)

/**
 * Tells by what number pools are sorted, the smallest first. Pools with one number stay in the order of
 * their sizes.
 */
const orderKey: Readonly<Record<PoolOrder, (pool: ShownPool, changed: Differences) => bigint>> = {
  size: ({ size }) => size,
  'in-use': (pool) => -(shownInUse(pool) ?? 0n) * pool.size,
  available: (pool) => (shownAvailable(pool) ?? 0n) * pool.size,
  change: ({ size }, changed) => {
    const { inUse, total } = changed.get(poolNodeKey(size))?.changes ?? {}
    return -(magnitude(inUse) + magnitude(total)) * size
  },
}

const sortedPools = ({ pools }: PoolLook, order: PoolOrder, changed: Differences) =>
  pools.toSorted((one, other) =>
    ascending(orderKey[order](one, changed), orderKey[order](other, changed)),
  )

const secondsBetween = (earlier: PoolLook, { at }: PoolLook): number => (at - earlier.at) / 1000

const eachSecond = (pages: bigint | undefined, seconds: number): number | undefined =>
  pages === undefined || seconds <= 0 ? undefined : Number(pages) / seconds

/** The lines of the pools, each followed by those of its nodes where they are shown. */
export const watchRows = (state: WatchState): readonly WatchRow[] => {
  const { first, before, last, perNode, poolOrder } = state
  if (last === undefined) return []
  const changed = before === undefined ? noDifferences : counterDifferences(before, last)
  const sinceFirst =
    before === undefined || first === undefined ? noDifferences : counterDifferences(first, last)
  const sinceLook = secondsBetween(before ?? last, last)
  const sinceStart = secondsBetween(first ?? last, last)
  const rows = poolRows(sortedPools(last, poolOrder, changed), perNode ? last.nodes : [])
  return rows.map((row) => {
    const key = poolNodeKey(row.pool.size, row.node)
    const change = changed.get(key)?.changes.inUse
    const { inUse: soFar, total: growth } = sinceFirst.get(key)?.changes ?? {}
    return {
      ...row,
      moment: last.moment,
      ...present({ change, soFar, growth }),
      ...present({ rate: eachSecond(change, sinceLook), average: eachSecond(soFar, sinceStart) }),
    }
  })
}

const signed = (change: bigint | undefined): string | undefined =>
  change === undefined ? undefined : `${change > 0n ? '+' : ''}${change}`

/** A rate has one decimal where it is less than ten, more where that is 0, and is 0 only where nothing changed. */
const rateText = (rate: number | undefined): string | undefined => {
  if (rate === undefined) return undefined
  const size = Math.abs(rate)
  const rounded = size === 0 || size >= 9.95 ? size.toFixed(0) : size.toFixed(1)
  const text = Number(rounded) === 0 && size > 0 ? `${Number(size.toPrecision(1))}` : rounded
  return `${rate > 0 ? '+' : rate < 0 ? '-' : ''}${text}`
}

const two = (part: number): string => `${part}`.padStart(2, '0')

/** The time of day, where this machine is: `12:03:11`. */
export const timeOfDay = (moment: number): string => {
  const time = new Date(moment)
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')
}

export const watchColumns: readonly Column<WatchRow>[] = [
  onRequest(column('TIME', 'time of day of the look', ({ moment }) => timeOfDay(moment), 'left')),
  // Columns for what changed take the room of MEMORY, which then is shown on request.
  ...poolColumns.map((shown) => (shown.name === 'MEMORY' ? onRequest(shown) : shown)),
  column('CHANGE', 'pages in use: more or fewer than before', ({ change }) => signed(change)),
  onRequest(column('RATE', 'CHANGE for each second', ({ rate }) => rateText(rate))),
  onRequest(column('SO-FAR', 'CHANGE since the first look', ({ soFar }) => signed(soFar))),
  onRequest(column('AVERAGE', 'SO-FAR for each second', ({ average }) => rateText(average))),
  onRequest(column('GROWTH', 'TOTAL: more or fewer than at first', ({ growth }) => signed(growth))),
]

type Compare = (one: SummedHold, other: SummedHold) => number

const byPages: Compare = (one, other) => descending(one.pages ?? 0n, other.pages ?? 0n)

const compareHolds: Readonly<Record<HolderOrder, Compare>> = {
  pages: byPages,
  memory: (one, other) =>
    descending((one.pages ?? 0n) * one.size, (other.pages ?? 0n) * other.size),
  user: (one, other) => (userOfHold(one) ?? '').localeCompare(userOfHold(other) ?? '', 'en'),
  pid: (one, other) => (one.process?.pid ?? 0) - (other.process?.pid ?? 0),
}

/** The holders as they are sorted; of equal ones those with most pages first. */
export const watchedHolds = ({ last, holderOrder }: WatchState): readonly SummedHold[] =>
  (last?.holds ?? []).toSorted(
    (one, other) => compareHolds[holderOrder](one, other) || byPages(one, other),
  )
