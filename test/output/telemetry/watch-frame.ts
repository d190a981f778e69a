import t from 'tap'
import type { PageHold } from '../../../src/model/processes/who/page-hold.ts'
import type { PoolLook } from '../../../src/model/telemetry/pool-look.ts'
import { keyHelp } from '../../../src/model/telemetry/watch-keys.ts'
import { newWatch, type WatchState, withLook } from '../../../src/model/telemetry/watch-state.ts'
import { loadPaint, plain } from '../../../src/output/colour.ts'
import { columnsOf } from '../../../src/output/telemetry/cut-line.ts'
import { type FrameStyle, watchFrame } from '../../../src/output/telemetry/watch-frame.ts'
import { hostileName, unseenIn, withoutColour } from '../../helpers/hostile.ts'
import { lookAt, nodePart, seenPool } from '../../helpers/pool-look.ts'
import * as fc from '../../helpers/property.ts'
import { G, M } from '../../helpers/sizes.ts'

const format = {
  json: false,
  raw: false,
  bytes: false,
  headings: true,
  columns: [],
  unicode: false,
}

const drawn = (
  state: WatchState,
  columns: number,
  rows: number,
  given: Partial<FrameStyle> = {},
): Promise<readonly string[]> =>
  watchFrame(state, { columns, rows, format, paint: plain, ...given })

/** A moment of this day, here. */
const moment = (seconds: number): number => new Date(2026, 0, 1, 12, 3, seconds).getTime()

const seen = (seconds: number, pages: bigint, given: Partial<PoolLook> = {}): PoolLook =>
  lookAt(
    seconds * 1000,
    [
      seenPool({
        free: 100n - pages,
        reserved: 10n,
        nodes: [nodePart(0, 50n, 50n), nodePart(1, 50n, 50n - pages)],
      }),
      seenPool({ size: G, isDefault: false, total: 4n, free: 4n }),
    ],
    { moment: moment(seconds), ...given },
  )

const watchOf = (...looks: readonly PoolLook[]): WatchState =>
  looks.reduce(withLook, newWatch({ interval: 2000, perNode: true, showsHolders: false }))

const hold = (pid: number, command: string, pages: bigint, name = '/mnt/a'): PageHold => ({
  kind: 'mapping',
  size: 2n * M,
  process: { pid, user: 'root', command },
  pages,
  name,
})

const headline = (columns: number, middle = ''): string => {
  const left = `hugepool watch  12:03:11  every 2s${middle}  by size`
  return `${left}${'? help'.padStart(columns - left.length)}`
}

t.test('80 columns have bars, and what changed since the start and each second', async (t) => {
  const state = watchOf(seen(9, 0n), seen(11, 40n))
  t.strictSame(await drawn(state, 80, 24), [
    headline(80),
    'SIZE  NODE  TOTAL  GROWTH  AVAILABLE  IN-USE  CHANGE  RATE  SO-FAR  USE',
    '2M     all    100       0         50      40     +40   +20     +40  [###=....]',
    '2M       0     50       0          -       0       0     0       0  [----]',
    '2M       1     50       0          -      40     +40   +20     +40  [###-]',
    '1G     all      4       0          4       0       0     0       0  [........]',
    '1G       0      -       -          -       -       -     -       -  -',
    '1G       1      -       -          -       -       -     -       -  -',
    'EVENTS',
    '12:03:11 2M node 1: 40 pages faulted in',
  ])
})

t.test('a wide screen has more columns, a narrow one fewer', async (t) => {
  const headings = async (columns: number, state = watchOf(seen(11, 0n))) =>
    (await drawn(state, columns, 24))[1]?.split(/ +/).join(' ')
  t.strictSame(
    [await headings(130), await headings(120), await headings(100), await headings(80)],
    [
      'SIZE NODE TOTAL GROWTH FREE RESERVED AVAILABLE IN-USE SURPLUS MEMORY CHANGE RATE SO-FAR AVERAGE USE',
      'SIZE NODE TOTAL GROWTH RESERVED AVAILABLE IN-USE SURPLUS CHANGE RATE SO-FAR AVERAGE USE',
      'SIZE NODE TOTAL GROWTH RESERVED AVAILABLE IN-USE CHANGE RATE SO-FAR USE',
      'SIZE NODE TOTAL GROWTH AVAILABLE IN-USE CHANGE RATE SO-FAR USE',
    ],
  )
  t.equal(await headings(70), 'SIZE NODE TOTAL AVAILABLE IN-USE CHANGE RATE USE')
  t.equal(await headings(60), 'SIZE NODE TOTAL AVAILABLE IN-USE CHANGE USE')
  t.equal(await headings(50), 'SIZE NODE AVAILABLE IN-USE CHANGE USE')
  t.equal(await headings(40), 'SIZE NODE AVAILABLE IN-USE CHANGE')
  t.equal(
    await headings(40, { ...watchOf(seen(11, 0n)), perNode: false }),
    'SIZE AVAILABLE IN-USE CHANGE',
  )
  const chosen = { chosen: ['SIZE', 'OVERCOMMIT'] }
  t.equal((await drawn(watchOf(seen(11, 0n)), 80, 24, chosen))[1], 'SIZE  OVERCOMMIT')
})

t.test('no line is wider than the screen, and none is too many', async (t) => {
  const wide = '漢'.repeat(60)
  const holds = Array.from({ length: 50 }, (_, pid) =>
    hold(pid + 1, 'x', BigInt(pid), `/mnt/${wide}`),
  )
  const state = {
    ...watchOf(seen(9, 0n), seen(11, 4n, { holds, remarks: [wide] })),
    showsHolders: true,
  }
  for (const [columns, rows] of [
    [80, 24],
    [120, 40],
    [40, 12],
    [20, 5],
    [1, 1],
    [300, 3],
  ] as const)
    for (const each of [state, { ...state, showsHelp: true }, { ...state, showsHolders: false }]) {
      const lines = await drawn(each, columns, rows)
      t.ok(lines.length <= rows, `${lines.length} lines of ${rows}`)
      const widths = lines.map((text) => [...text].reduce((sum, one) => sum + columnsOf(one), 0))
      t.ok(Math.max(...widths) <= columns, `${Math.max(...widths)} columns of ${columns}`)
    }
})

t.test('from 20 to 300 columns, in ASCII and not, lines fit and numbers are aligned', async (t) => {
  const nodes = (used: bigint) => [nodePart(0, 99_999n, 99_999n - used, 1n), nodePart(1, 1n, 1n)]
  const seenUse = (at: number, used: bigint) =>
    lookAt(at, [
      seenPool({
        total: 100_000n,
        free: 100_000n - used,
        reserved: 7n,
        surplus: 1n,
        nodes: nodes(used),
      }),
      seenPool({ size: G, total: 4n, free: 4n }),
    ])
  const state = watchOf(seenUse(0, 0n), seenUse(2000, 1n))
  for (const [unicode, bar, begin] of [
    [false, /\[#*=*-*\.*\+*\]/g, '[#'],
    [true, /\[█*▒*─*░*▄*\]/g, '[█'],
  ] as const)
    for (let columns = 20; columns <= 300; columns += 1) {
      const lines = (await drawn(state, columns, 24, { format: { ...format, unicode } })).slice(
        1,
        8,
      )
      const label = `${columns} columns, ${unicode ? 'UTF-8' : 'ASCII'}`
      t.ok(
        lines.every((text) => [...text].length <= columns),
        label,
      )
      const [heading = '', pool = ''] = lines
      const bars = lines.flatMap((text) => text.match(bar) ?? [])
      t.equal(bars.length, columns >= 49 ? 4 : 0, label)
      t.ok(
        bars.length === 0 || pool.includes(begin),
        `${label}: one page in use of 100,000 is seen`,
      )
      const end = heading.indexOf('IN-USE') + 'IN-USE'.length
      t.strictSame(
        lines.slice(1, 5).map((text) => text.slice(0, end).split(' ').at(-1)),
        ['1', '1', '0', '0'],
        label,
      )
    }
})

t.test('holders stand below the pools, those with most pages first', async (t) => {
  const holds = [hold(7, 'small', 1n), hold(8, 'large', 9n)]
  const state = { ...watchOf(seen(11, 0n, { holds })), showsHolders: true, perNode: false }
  const lines = await drawn(state, 80, 24)
  t.strictSame(lines.slice(4), [
    'PID  USER  COMMAND  HOLDS    SIZE  PAGES  RESERVED  NAME',
    '  8  root  large    mapping    2M      9         -  /mnt/a',
    '  7  root  small    mapping    2M      1         -  /mnt/a',
  ])
  t.match(lines[0], /by pages {2,}\? help$/)
  t.strictSame((await drawn(state, 40, 24)).slice(4), [
    'PID  COMMAND  SIZE  PAGES',
    '  8  large      2M      9',
    '  7  small      2M      1',
  ])
  t.strictSame((await drawn({ ...state, scroll: 3 }, 40, 24)).slice(1), [
    'PID  COMMAND  SIZE  PAGES',
    '  7  small      2M      1',
  ])
})

t.test('names of processes cannot control the terminal', async (t) => {
  const holds = [hold(7, 'a\u001b[2Jb', 1n, '/mnt/\u009b2J\u202e')]
  const state = { ...watchOf(seen(11, 0n, { holds, remarks: ['x\u001b[0m'] })), showsHolders: true }
  const text = (await drawn(state, 200, 24)).join('')
  t.notMatch(text, /[\p{Cc}\p{Bidi_Control}]/u)
  t.match(text, 'a\\033[2Jb')
})

t.test('both tables share a screen that is too low', async (t) => {
  const holds = Array.from({ length: 30 }, (_, pid) => hold(pid + 1, 'x', 1n))
  const state = { ...watchOf(seen(9, 0n), seen(11, 4n, { holds })), showsHolders: true }
  const lines = await drawn(state, 80, 12)
  t.strictSame(
    lines.map((text) => text.trim().split(' ')[0]),
    ['hugepool', 'SIZE', '2M', '2M', '2M', 'PID', '1', '2', '3', 'EVENTS', '12:03:11'],
  )
})

t.test('every pool, node and holder can be scrolled to', async (t) => {
  const sizes = [M / 16n, 2n * M, 32n * M, G]
  const nodes = Array.from({ length: 8 }, (_, node) => nodePart(node, 4n, 4n))
  const pools = sizes.map((size) => seenPool({ size, nodes }))
  const holds = Array.from({ length: 30 }, (_, pid) => hold(1000 + pid, 'x', 1n))
  const state = { ...watchOf(lookAt(0, pools, { holds })), showsHolders: true }
  const seenLines = new Set<string>()
  for (let scroll = 0; scroll < 66; scroll += 1)
    for (const text of await drawn({ ...state, scroll }, 80, 24))
      seenLines.add(text.trim().split(/ +/, 2).join(' '))
  const wanted = [
    ...['64K', '2M', '32M', '1G'].flatMap((size) =>
      ['all', 0, 1, 2, 3, 4, 5, 6, 7].map((node) => `${size} ${node}`),
    ),
    ...holds.map(({ process }) => `${process?.pid} root`),
  ]
  t.strictSame(
    wanted.filter((text) => !seenLines.has(text)),
    [],
  )
  const last = await drawn({ ...state, scroll: 65 }, 80, 24)
  t.strictSame(
    last.slice(1).map((text) => text.trim().split(/ +/, 2).join(' ')),
    ['PID USER', '1029 root'],
  )
})

t.test('a scrolled table begins later, and the last events are shown', async (t) => {
  const looks = [0n, 1n, 2n, 3n, 4n, 5n].map((pages, at) => seen(at, pages))
  const state = watchOf(...looks)
  t.strictSame((await drawn({ ...state, scroll: 5 }, 60, 7)).slice(1), [
    'SIZE  NODE  TOTAL  AVAILABLE  IN-USE  CHANGE  USE',
    '1G       1      -          -       -       -  -',
    'EVENTS',
    '12:03:03 2M node 1: 1 page faulted in',
    '12:03:04 2M node 1: 1 page faulted in',
    '12:03:05 2M node 1: 1 page faulted in',
  ])
})

t.test('remarks stand before the events, at most two', async (t) => {
  const state = watchOf(seen(9, 0n), seen(11, 1n, { remarks: ['one', 'two', 'three'] }))
  t.strictSame((await drawn({ ...state, perNode: false }, 60, 24)).slice(4), [
    'one',
    'two',
    'EVENTS',
    '12:03:11 2M node 1: 1 page faulted in',
  ])
})

t.test('help takes the place of all below the first line', async (t) => {
  const state = { ...watchOf(seen(11, 0n)), showsHelp: true, isPaused: true }
  t.strictSame(await drawn(state, 80, 24), [
    headline(80, '  paused'),
    '',
    'q       quit',
    'space p pause, or go on',
    'n       show or hide the nodes',
    'w       show or hide who holds pages',
    's       sort by something else: the holders where they are shown, else the pools',
    '+ -     look less often, or more often',
    'arrows  scroll pools, then holders; also page up, page down, home, end',
    '?       show or hide this help',
  ])
  t.equal(keyHelp.length, 8)
})

t.test('a narrow first line leaves out what matters least, and never a pause', async (t) => {
  const running = watchOf(seen(11, 0n))
  const first = async (columns: number, isPaused: boolean) =>
    (await drawn({ ...running, isPaused }, columns, 3))[0]
  t.strictSame(
    [
      await first(44, false),
      await first(43, false),
      await first(42, false),
      await first(27, false),
    ],
    [
      'hugepool watch  12:03:11  every 2s  by size',
      'hugepool watch  12:03:11  every 2s  by size',
      '12:03:11  every 2s  by size         ? help',
      '12:03:11  every 2s  by size',
    ],
  )
  t.strictSame(
    [await first(51, true), await first(50, true), await first(35, true), await first(34, true)],
    [
      'hugepool watch  12:03:11  every 2s  paused  by size',
      '12:03:11  every 2s  paused  by size         ? help',
      '12:03:11  every 2s  paused  by size',
      '12:03:11  paused            ? help',
    ],
  )
  t.strictSame(
    [await first(20, true), await first(20, false), await first(10, true)],
    ['12:03:11  paused', '12:03:11  every 2s', '12:03:11  '],
  )
})

t.test('no name that a stranger chose is obeyed, and each holder is one line', async () => {
  const paint = await loadPaint()
  await fc.assert(
    fc.asyncProperty(hostileName, fc.constantFrom(40, 80, 300), async (name, columns) => {
      const holds = [hold(7, name, 2n, name), hold(8, 'next', 1n)]
      const process = { pid: 9, user: name, command: name }
      const unnamed = { ...hold(9, name, 3n, name), process, container: name }
      const look = seen(11, 4n, { holds: [...holds, unnamed], remarks: [name] })
      const watched = watchOf(seen(9, 0n), look)
      const events = [...watched.events, { moment: moment(11), words: name }]
      const state = { ...watched, events, showsHolders: true, perNode: false }
      const lines = await drawn(state, columns, 24, { paint })
      const widths = lines.map((line) =>
        [...withoutColour(line)].reduce((sum, one) => sum + columnsOf(one), 0),
      )
      return (
        unseenIn(lines.join('')).length === 0 &&
        !lines.some((line) => line.includes('\n')) &&
        lines.filter((line) => /^ *[789] /.test(line)).length === 3 &&
        widths.every((width) => width <= columns)
      )
    }),
  )
})
