import t from 'tap'
import type { PageHold } from '../../../src/model/processes/who/page-hold.ts'
import { keyHelp, press } from '../../../src/model/telemetry/watch-keys.ts'
import { newWatch, type WatchState, withLook } from '../../../src/model/telemetry/watch-state.ts'
import { lookAt, nodePart, seenPool } from '../../helpers/pool-look.ts'
import { G, M } from '../../helpers/sizes.ts'

const hold: PageHold = { kind: 'mapping', size: 2n * M, pages: 1n }
const look = lookAt(
  0,
  [
    seenPool({ nodes: [nodePart(0, 50n, 50n), nodePart(1, 50n, 50n)] }),
    seenPool({ size: G, total: 4n, free: 4n }),
  ],
  { holds: Array.from({ length: 30 }, () => hold) },
)
const unlooked = newWatch({ interval: 2000, perNode: false, showsHolders: false })
const begun = withLook(unlooked, look)

/** What keys change of a watch. */
const changed = (keys: readonly string[], from: WatchState = begun) => {
  const state = keys.reduce(press, from)
  return Object.fromEntries(
    Object.entries(state).filter(([key, value]) => from[key as keyof WatchState] !== value),
  )
}

t.test('what each key does', async (t) => {
  const table: readonly (readonly [string, Partial<WatchState>])[] = [
    ['q', { ended: 'quit' }],
    ['Q', { ended: 'quit' }],
    ['ctrl-c', { ended: 'SIGINT' }],
    [' ', { isPaused: true }],
    ['p', { isPaused: true }],
    ['n', { perNode: true }],
    ['w', { showsHolders: true }],
    ['s', { poolOrder: 'in-use' }],
    ['+', { interval: 5000 }],
    ['=', { interval: 5000 }],
    ['-', { interval: 1000 }],
    ['?', { showsHelp: true }],
    ['h', { showsHelp: true }],
    ['down', { scroll: 1 }],
    ['j', { scroll: 1 }],
    ['pagedown', { scroll: 1 }],
    ['end', { scroll: 1 }],
    ['up', {}],
    ['k', {}],
    ['pageup', {}],
    ['home', {}],
    ['escape', {}],
    ['x', {}],
    ['constructor', {}],
  ]
  for (const [key, expected] of table) t.strictSame(changed([key]), expected, key)
})

t.test('help names them', async (t) => {
  t.strictSame(keyHelp, [
    ['q', 'quit'],
    ['space p', 'pause, or go on'],
    ['n', 'show or hide the nodes'],
    ['w', 'show or hide who holds pages'],
    ['s', 'sort by something else: the holders where they are shown, else the pools'],
    ['+ -', 'look less often, or more often'],
    ['arrows', 'scroll pools, then holders; also page up, page down, home, end'],
    ['?', 'show or hide this help'],
  ])
})

t.test('what is switched on is switched off again', async (t) => {
  for (const key of [' ', 'p', 'n', 'w', '?', 'h']) t.strictSame(changed([key, key]), {}, key)
  t.strictSame(changed([' ', 'p']), {})
  t.strictSame(changed(['?', 'escape']), {})
})

t.test('orders follow each other in a circle', async (t) => {
  const orders = (key: 'poolOrder' | 'holderOrder', from: WatchState) =>
    [1, 2, 3, 4].map((times) => Array.from({ length: times }, () => 's').reduce(press, from)[key])
  t.strictSame(orders('poolOrder', begun), ['in-use', 'available', 'change', 'size'])
  t.strictSame(orders('holderOrder', press(begun, 'w')), ['memory', 'user', 'pid', 'pages'])
})

t.test('the interval has a shortest and a longest step', async (t) => {
  const times = (key: string, count: number, from: WatchState = begun) =>
    Array.from({ length: count }, () => key).reduce(press, from).interval
  t.strictSame(
    [1, 2, 3, 4, 5, 6].map((count) => times('-', count)),
    [1000, 500, 200, 100, 100, 100],
  )
  t.strictSame(
    [1, 2, 3, 4, 5, 6, 7].map((count) => times('+', count)),
    [5000, 10_000, 30_000, 60_000, 300_000, 3_600_000, 3_600_000],
  )
  t.equal(times('+', 1, { ...begun, interval: 3000 }), 5000)
  t.equal(times('-', 1, { ...begun, interval: 3000 }), 2000)
})

t.test(
  'pools and holders scroll as one, until their last line is the first in sight',
  async (t) => {
    const scroll = (keys: readonly string[], from: WatchState) => keys.reduce(press, from).scroll
    const nodes = press(begun, 'n')
    t.equal(scroll(['end'], nodes), 5, 'two pools, each with two nodes')
    const holders = press(begun, 'w')
    t.equal(scroll(['end'], holders), 31, 'two pools and thirty holders')
    t.equal(scroll(['end'], press(nodes, 'w')), 35)
    t.equal(scroll(['pagedown'], holders), 10)
    t.equal(scroll(['end', 'pageup'], holders), 21)
    t.equal(scroll(['down', 'down', 'up'], holders), 1)
    t.equal(scroll(['j', 'j', 'j', 'k'], holders), 2)
    t.equal(scroll(['end', 'home'], holders), 0)
    t.equal(scroll(['end'], unlooked), 0)
    for (const key of ['n', 'w', 's']) t.equal(scroll(['end', key], holders), 0, key)
    t.equal(scroll(['end', 's'], begun), 0)
    t.equal(scroll(['end'], withLook(holders, lookAt(1, look.pools))), 1, 'nobody looked')
  },
)

t.test('every key of the help is known', async (t) => {
  const keys = keyHelp.flatMap(([names]) => names.split(' '))
  t.strictSame(keys, ['q', 'space', 'p', 'n', 'w', 's', '+', '-', 'arrows', '?'])
})
