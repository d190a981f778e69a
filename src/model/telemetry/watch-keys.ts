import { scrolledTo } from './watch-scroll.ts'
import { holderOrders, intervals, poolOrders, type WatchState } from './watch-state.ts'

/** A key of a terminal, by the character that it types or by its name. */
export type WatchKey = string

type Press = (state: WatchState) => WatchState

const next = <T>(all: readonly T[], current: T): T =>
  all[(all.indexOf(current) + 1) % all.length] ?? current

const sorted: Press = (state) =>
  state.showsHolders
    ? { ...state, holderOrder: next(holderOrders, state.holderOrder), scroll: 0 }
    : { ...state, poolOrder: next(poolOrders, state.poolOrder), scroll: 0 }

const slower: Press = (state) => ({
  ...state,
  interval: intervals.find((each) => each > state.interval) ?? state.interval,
})

const faster: Press = (state) => ({
  ...state,
  interval: intervals.findLast((each) => each < state.interval) ?? state.interval,
})

const scrolled =
  (lines: number): Press =>
  (state) =>
    scrolledTo(state, state.scroll + lines)

const paused: Press = (state) => ({ ...state, isPaused: !state.isPaused })
const helped: Press = (state) => ({ ...state, showsHelp: !state.showsHelp })
const quit: Press = (state) => ({ ...state, ended: 'quit' })
const page = 10

/** What each key does. */
const presses: Readonly<Record<WatchKey, Press>> = {
  q: quit,
  Q: quit,
  'ctrl-c': (state) => ({ ...state, ended: 'SIGINT' }),
  // Nobody presses this one: Node fails when it ends by itself and its terminal is gone.
  hangup: (state) => ({ ...state, ended: 'SIGHUP' }),
  ' ': paused,
  p: paused,
  n: (state) => ({ ...state, perNode: !state.perNode, scroll: 0 }),
  w: (state) => ({ ...state, showsHolders: !state.showsHolders, scroll: 0 }),
  s: sorted,
  '+': slower,
  '=': slower,
  '-': faster,
  '?': helped,
  h: helped,
  escape: (state) => ({ ...state, showsHelp: false }),
  up: scrolled(-1),
  k: scrolled(-1),
  down: scrolled(1),
  j: scrolled(1),
  pageup: scrolled(-page),
  pagedown: scrolled(page),
  home: (state) => ({ ...state, scroll: 0 }),
  end: scrolled(Number.POSITIVE_INFINITY),
}

/** The keys as help shows them, and what they do. */
export const keyHelp = [
  ['q', 'quit'],
  ['space p', 'pause, or go on'],
  ['n', 'show or hide the nodes'],
  ['w', 'show or hide who holds pages'],
  ['s', 'sort by something else: the holders where they are shown, else the pools'],
  ['+ -', 'look less often, or more often'],
  ['arrows', 'scroll pools, then holders; also page up, page down, home, end'],
  ['?', 'show or hide this help'],
] as const

/** The state after a key. Other keys change nothing. */
export const press = (state: WatchState, key: WatchKey): WatchState =>
  Object.hasOwn(presses, key) ? (presses[key]?.(state) ?? state) : state
