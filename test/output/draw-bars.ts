import t from 'tap'
import type { Bar } from '../../src/model/bar.ts'
import { asciiGlyphs, unicodeGlyphs } from '../../src/output/bar-glyphs.ts'
import { barText, withDrawnBars } from '../../src/output/draw-bars.ts'
import type { Format } from '../../src/output/render.ts'
import type { TextCell, TextRows } from '../../src/output/text-rows.ts'
import { assert, asyncProperty, bigInt, integer, tuple } from '../helpers/property.ts'

const barOf = (inUse: bigint, reserved: bigint, available: bigint, surplus: bigint): Bar => [
  { part: 'inUse', amount: inUse },
  { part: 'reserved', amount: reserved },
  { part: 'available', amount: available },
  { part: 'surplus', amount: surplus },
]

const format: Format = {
  ...{ json: false, raw: false, bytes: false, headings: true },
  columns: ['SIZE', 'USE', 'FREE'],
}

/** Texts of eight and two columns around a bar. */
const table = (bar: Bar | undefined): TextRows => ({
  headings: ['SIZE', 'USE', 'FREE'],
  aligns: ['left', 'left', 'right'],
  bars: [1],
  rows: [
    [{ text: '/dev/hug' }, bar === undefined ? { text: '-' } : { text: '-', bar }, { text: '60' }],
  ],
})

const cellOf = (rows: TextRows, column = 1): TextCell | undefined => rows.rows[0]?.[column]

t.test('a bar by its glyphs', async (t) => {
  const bar = barOf(4n, 2n, 3n, 1n)
  t.equal(barText(bar, 10, asciiGlyphs), '[####==...+]')
  t.equal(barText(bar, 10, unicodeGlyphs), '[████▒▒░░░▄]')
  t.equal(barText([...bar, { part: 'elsewhere', amount: 10n }], 20, asciiGlyphs), '[####==...+]')
  t.equal(barText(barOf(0n, 0n, 0n, 0n), 10, asciiGlyphs), '[]')
  t.equal(barText(barOf(1n, 0n, 99_999n, 0n), 10, asciiGlyphs), '[#.........]')
})

t.test('without a terminal it has 20 cells, and is made of its parts', async (t) => {
  const { text, drawn, bar } =
    cellOf(await withDrawnBars(table(barOf(10n, 0n, 10n, 0n)), format)) ?? {}
  t.equal(text, `[${'#'.repeat(10)}${'.'.repeat(10)}]`)
  t.strictSame(drawn, [
    { text: '[' },
    { part: 'inUse', text: '##########' },
    { part: 'reserved', text: '' },
    { part: 'available', text: '..........' },
    { part: 'surplus', text: '' },
    { text: ']' },
  ])
  t.equal(bar, undefined)
})

const cellsAt = async (terminal: number, more: Partial<Format> = {}) => {
  const bars = table(barOf(1n, 1n, 1n, 1n))
  const text = cellOf(await withDrawnBars(bars, { ...format, terminal, ...more }))?.text
  return text?.startsWith('[') ? text.length - 2 : undefined
}

t.test('on a terminal it takes what the texts leave', async (t) => {
  // Texts take 8 + 2 + 4 columns, the bar two blanks and its ends.
  const found = await Promise.all([100, 40, 27, 26, 25, 20].map((columns) => cellsAt(columns)))
  t.strictSame(found, [80, 22, 9, 8, 8, 8])
  t.equal(await cellsAt(98), 80)
  t.equal(await cellsAt(97), 79)
  t.equal(await cellsAt(40, { headings: false }), 24, 'a heading is longer than what is below it')
  t.equal(await cellsAt(300), 80)
})

t.test('raw and in pairs it is the same on every terminal', async (t) => {
  t.equal(await cellsAt(300, { raw: true }), 20)
  t.equal(await cellsAt(300, { pairs: true }), 20)
})

t.test('a bar that nobody asked for is left out where it has no room', async (t) => {
  const whereRoom = ['USE']
  t.equal(await cellsAt(26, { whereRoom }), 8)
  t.equal(await cellsAt(25, { whereRoom }), undefined)
  t.equal(await cellsAt(25, { whereRoom: ['SIZE'] }), 8)
  t.strictSame(await withDrawnBars(table(undefined), { ...format, whereRoom, terminal: 25 }), {
    headings: ['SIZE', 'FREE'],
    aligns: ['left', 'right'],
    rows: [[{ text: '/dev/hug' }, { text: '60' }]],
  })
})

t.test('a column without any bar is shown only where it was asked for', async (t) => {
  const without = {
    headings: ['SIZE', 'FREE'],
    aligns: ['left', 'right'],
    rows: [[{ text: '/dev/hug' }, { text: '60' }]],
  }
  const wide = { ...format, terminal: 100 }
  t.strictSame(await withDrawnBars(table(undefined), { ...wide, whereRoom: ['USE'] }), without)
  t.strictSame((await withDrawnBars(table(undefined), wide)).headings, ['SIZE', 'USE', 'FREE'])
  const [row = []] = table(barOf(1n, 0n, 1n, 0n)).rows
  const one = { ...table(undefined), rows: [...table(undefined).rows, row] }
  t.strictSame(
    (await withDrawnBars(one, { ...wide, whereRoom: ['USE'] })).rows.map(([, cell]) => cell?.text),
    ['-', `[${'#'.repeat(40)}${'.'.repeat(40)}]`],
  )
  const empty = { ...table(barOf(0n, 0n, 0n, 0n)) }
  t.equal(
    cellOf(await withDrawnBars(empty, { ...wide, whereRoom: ['USE'] }))?.text,
    '[]',
    'a bar of nothing is a bar',
  )
})

t.test('a bar without room leaves its own to another', async (t) => {
  const bar = barOf(1n, 0n, 1n, 0n)
  const two = {
    headings: ['A', 'B'],
    aligns: ['left', 'left'],
    bars: [0, 1],
    rows: [[{ text: '-' }, { text: '-', bar }]],
  } as const
  const shown = await withDrawnBars(two, { ...format, terminal: 30, whereRoom: ['A'] })
  t.strictSame(
    [shown.headings, cellOf(shown, 0)?.text],
    [['B'], `[${'#'.repeat(14)}${'.'.repeat(14)}]`],
  )
})

t.test('two bars share what there is', async (t) => {
  const bar = barOf(1n, 0n, 1n, 0n)
  const two = {
    headings: ['A', 'B'],
    aligns: ['left', 'left'],
    bars: [0, 1],
    rows: [
      [
        { text: '-', bar },
        { text: '-', bar },
      ],
    ],
  } as const
  const shown = await withDrawnBars(two, { ...format, terminal: 60 })
  t.strictSame(
    [0, 1].map((at) => cellOf(shown, at)?.text.length),
    [29, 29],
  )
})

t.test('what has no bar keeps its text, and there may be no lines', async (t) => {
  t.strictSame(cellOf(await withDrawnBars(table(undefined), format)), { text: '-' })
  const none = { ...table(undefined), rows: [] }
  t.strictSame(await withDrawnBars(none, { ...format, terminal: 100 }), none)
})

t.test('from 20 to 300 columns a bar is in the terminal, and its parts are in order', async () => {
  const pages = bigInt(0n, 1_000_000n)
  const all = tuple(pages, pages, pages, pages)
  await assert(
    asyncProperty(all, integer({ min: 20, max: 300 }), async (parts, columns) => {
      const shown = await withDrawnBars(table(barOf(...parts)), { ...format, terminal: columns })
      const text = cellOf(shown)?.text ?? ''
      const empty = parts.every((amount) => amount === 0n)
      const width = Math.min(Math.max(columns - 18, 8), 80)
      const glyphs = ['#', '=', '.', '+']
      return (
        /^\[#*=*\.*\+*\]$/.test(text) &&
        text.length === (empty ? 2 : width + 2) &&
        glyphs.every((glyph, index) => text.includes(glyph) === (parts[index] ?? 0n) > 0n)
      )
    }),
  )
})
