import type { StopSignal } from '../../errors.ts'
import { type UntilExpression, untilHolds } from '../../model/telemetry/until-expression.ts'
import { press, type WatchKey } from '../../model/telemetry/watch-keys.ts'
import { newWatch, type WatchState, withLook } from '../../model/telemetry/watch-state.ts'
import type { SizeWord } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { listPools } from '../pools/list-pools.ts'
import type { Ports, SignalWatch } from '../ports.ts'
import { seePools } from './see-pools.ts'

export interface WatchRequest {
  readonly sizes: readonly SizeWord[]
  readonly perNode: boolean
  readonly holders: boolean
  /** Milliseconds between the beginnings of two looks. */
  readonly interval: number
  /** How many looks there are to be; as many as there is time for without it. */
  readonly count?: number
  readonly until?: UntilExpression
  /** Milliseconds after which a watch ends although `until` does not hold. */
  readonly timeout?: number
}

/** Who looks at a watch. */
export interface Onlooker {
  /** Shows a state; tells whether anybody still looks. */
  readonly show: (state: WatchState) => Promise<boolean>
  /**
   * Waits for a key, at most so many milliseconds; undefined where none came. It returns early when a
   * signal comes. Absent where nobody can type; a signal then ends the process as it usually does.
   */
  readonly key?: (milliseconds: number) => Promise<WatchKey | undefined>
}

/** How a watch ended. */
export interface WatchEnd {
  readonly state: WatchState
  /** Whether `until` held; absent where there is none. */
  readonly holds?: boolean
  readonly signal?: StopSignal
}

/** What belongs to one watch from its beginning to its end. */
interface Watch {
  readonly ports: Ports
  readonly request: WatchRequest
  readonly onlooker: Onlooker
  readonly signals: SignalWatch
  /** When it ends at the latest, by the clock. */
  readonly deadline: number
}

const keyWithin = async ({ ports, onlooker }: Watch, milliseconds: number) => {
  if (onlooker.key !== undefined) return onlooker.key(milliseconds)
  await ports.pause(milliseconds)
  return undefined
}

/**
 * A watch that is only printed notes no signal, so that one ends the process as usual. A signal that is
 * noted would be in vain while a write waits for somebody who does not read.
 */
const unnoted: SignalWatch = { pending: () => undefined }

/** Whether the holders are to be shown and nobody has looked for them yet. */
const lacksHolders = ({ showsHolders, last }: WatchState): boolean =>
  showsHolders && last?.holds === undefined

/**
 * Tells when the next look is due, by the clock: never while the watch is paused, but at the deadline.
 */
const dueAt = ({ deadline }: Watch, { isPaused, interval }: WatchState, last: number): number =>
  Math.min(deadline, isPaused ? Number.POSITIVE_INFINITY : last + interval)

/**
 * Waits until the next look is due, which is an interval after `last`, the beginning of the one before.
 * Heeds keys and signals meanwhile.
 */
const untilNextLook = async (
  watch: Watch,
  begun: WatchState,
  last: number,
): Promise<WatchState> => {
  const { ports, onlooker, signals } = watch
  let state = begun
  for (;;) {
    const signal = signals.pending()
    if (signal !== undefined) return { ...state, ended: signal }
    const left = dueAt(watch, state, last) - ports.clock()
    if (left <= 0 || lacksHolders(state)) return state
    const key = await keyWithin(watch, left)
    if (key === undefined) continue
    state = press(state, key)
    if (state.ended !== undefined) return state
    if (!(await onlooker.show(state))) return { ...state, ended: 'quit' }
  }
}

const endOf = (state: WatchState, holds?: boolean): WatchEnd =>
  present({ state, holds, signal: state.ended === 'quit' ? undefined : state.ended })

/** Tells whether a watch is over, unless `until` ends it. */
const isOver = ({ ports, request, deadline }: Watch, { looks, ended }: WatchState): boolean =>
  ended !== undefined ||
  looks >= (request.count ?? Number.POSITIVE_INFINITY) ||
  ports.clock() >= deadline

const runWatch = async (watch: Watch): Promise<WatchEnd> => {
  const { ports, request, onlooker } = watch
  const { interval, perNode, until } = request
  const sizes = [...request.sizes, ...(request.sizes.length > 0 && until ? [until.size] : [])]
  let state = newWatch({ interval, perNode, showsHolders: request.holders })
  for (;;) {
    const look = await seePools(ports, { sizes, holders: state.showsHolders })
    state = withLook(state, look)
    const holds = until && untilHolds(until, look)
    if (!(await onlooker.show(state))) return endOf({ ...state, ended: 'quit' })
    if (holds || isOver(watch, state)) return endOf(state, holds)
    state = await untilNextLook(watch, state, look.at)
    if (state.ended !== undefined) return endOf(state)
  }
}

/**
 * Looks at pools again and again and shows each look, until as many are done as were asked for, an
 * expression holds, the time is up, a key or a signal ends it, or nobody looks any more. What it keeps
 * does not grow. Throws E_UNSUPPORTED for a size or a node that is not there.
 */
export const watchPools = async (
  ports: Ports,
  request: WatchRequest,
  onlooker: Onlooker,
): Promise<WatchEnd> => {
  const { until, timeout = Number.POSITIVE_INFINITY } = request
  const signals = onlooker.key === undefined ? unnoted : ports.watchSignals()
  // Where all pools are looked at, a missing one would not be noticed: the expression would never be
  // true.
  if (until !== undefined) await listPools(ports, [until.size], false)
  return runWatch({ ports, request, onlooker, signals, deadline: ports.clock() + timeout })
}
