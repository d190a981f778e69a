import type { StopSignal } from '../../errors.ts'
import { present } from '../words/present.ts'
import type { PoolLook } from './pool-look.ts'
import { type WatchEvent, watchEvents } from './watch-events.ts'
import { scrolledTo } from './watch-scroll.ts'

/** By what the lines of pools are sorted. */
export const poolOrders = ['size', 'in-use', 'available', 'change'] as const
export type PoolOrder = (typeof poolOrders)[number]

/** By what the lines of holders are sorted. */
export const holderOrders = ['pages', 'memory', 'user', 'pid'] as const
export type HolderOrder = (typeof holderOrders)[number]

/** How many events are kept. Older ones are forgotten, so that a watch does not grow. */
export const mostEvents = 100

/** The shortest and the longest time between two looks, in milliseconds. */
export const intervals = [
  100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 3_600_000,
] as const

/** All that a watch knows and that its keys change. */
export interface WatchState {
  /** The first look; later ones are compared with it. It keeps no holders. */
  readonly first?: PoolLook
  /** The look before the last. It keeps no holders. */
  readonly before?: PoolLook
  readonly last?: PoolLook
  /** How many looks there were. */
  readonly looks: number
  /** What happened, the newest last, as far as it is kept. */
  readonly events: readonly WatchEvent[]
  /** What happened between the last two looks. */
  readonly fresh: readonly WatchEvent[]
  /** Milliseconds between two looks. */
  readonly interval: number
  readonly isPaused: boolean
  readonly perNode: boolean
  readonly showsHolders: boolean
  readonly showsHelp: boolean
  readonly poolOrder: PoolOrder
  readonly holderOrder: HolderOrder
  /** How many lines of the pools, and after them of the holders, are above the screen. */
  readonly scroll: number
  /** Set when a key asked to end: by a signal, or without one. */
  readonly ended?: 'quit' | StopSignal
}

export const newWatch = (
  asked: Pick<WatchState, 'interval' | 'perNode' | 'showsHolders'>,
): WatchState => ({
  looks: 0,
  events: [],
  fresh: [],
  isPaused: false,
  showsHelp: false,
  poolOrder: 'size',
  holderOrder: 'pages',
  scroll: 0,
  ...asked,
})

/** Holders have all their areas and files, of which one look has enough. */
const withoutHolders = ({ holds: _, ...look }: PoolLook): PoolLook => look

/**
 * Takes a look into a watch, with what happened since the one before it. Where it has fewer lines, the
 * last one is still in sight.
 */
export const withLook = (state: WatchState, look: PoolLook): WatchState => {
  const { last, first = withoutHolders(look) } = state
  const fresh = last === undefined ? [] : watchEvents(last, look)
  const seen = {
    ...state,
    first,
    ...present({ before: last && withoutHolders(last) }),
    last: look,
    looks: state.looks + 1,
    events: [...state.events, ...fresh].slice(-mostEvents),
    fresh,
  }
  return scrolledTo(seen, state.scroll)
}
