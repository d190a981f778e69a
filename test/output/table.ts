import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import fastWidth from 'fast-string-width'
import t from 'tap'
import { alignedText, type PaintedCell } from '../../src/output/table.ts'
import * as fc from '../helpers/property.ts'

const cells = (...texts: readonly string[]) => texts.map((text) => ({ text }))

t.test('columns are aligned two spaces apart, and nothing trails', async (t) => {
  const rows = [cells('SIZE', 'FREE', 'DEFAULT'), cells('2M', '1000', '*'), cells('512M', '4', '')]
  t.equal(
    alignedText(rows, ['left', 'right', 'left']),
    `SIZE  FREE  DEFAULT
2M    1000  *
512M     4`,
  )
})

t.test('no rows are no text', async (t) => {
  t.equal(alignedText([], ['left']), '')
})

t.test('colour changes neither widths nor text', async (t) => {
  const red = (text: string) => `\u001b[31m${text}\u001b[39m`
  const rows = [
    [{ text: 'A', paint: red }, { text: 'BB' }],
    [{ text: '100' }, { text: '$&', paint: red }],
  ]
  t.equal(alignedText(rows, ['right', 'left']), `  ${red('A')}  BB\n100  ${red('$&')}`)
})

t.test('every cell ends or begins where its column does', async () => {
  const word = fc.stringMatching(/^[0-9A-Z-]{1,9}$/)
  const row = fc.tuple(word, word, word)
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), (rows) => {
      const lines = alignedText(
        rows.map((row) => cells(...row)),
        ['left', 'right', 'left'],
      ).split('\n')
      const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length))
      return rows.every(([first, second, third], i) => {
        const line = lines[i] ?? ''
        return (
          line.startsWith(first) &&
          line.slice(0, width(0) + 2 + width(1)).endsWith(second) &&
          line.slice(width(0) + width(1) + 4) === third
        )
      })
    }),
  )
})

/** The layout as it was written by hand: right for text that takes one column a character. */
const handLaid = (rows: readonly (readonly PaintedCell[])[], aligns: readonly string[]): string => {
  const widths = aligns.map((_, column) =>
    Math.max(0, ...rows.map((row) => row[column]?.text.length ?? 0)),
  )
  const padded = ({ text, paint }: PaintedCell, column: number) => {
    const blanks = ' '.repeat((widths[column] ?? 0) - text.length)
    const shown = paint?.(text) ?? text
    return aligns[column] === 'right' ? `${blanks}${shown}` : `${shown}${blanks}`
  }
  return rows.map((row) => row.map(padded).join('  ').replace(/ +$/, '')).join('\n')
}

const bold = (text: string) => `\u001b[1m${text}\u001b[22m`
const green = (text: string) => `\u001b[32m${text}\u001b[39m`
const paints = fc.constantFrom(undefined, bold, green)

const tables = (text: fc.Arbitrary<string>) =>
  fc.integer({ min: 0, max: 5 }).chain((columns) => {
    const cell = fc
      .tuple(text, paints)
      .map(([text, paint]): PaintedCell => (paint === undefined ? { text } : { text, paint }))
    const line = fc.array(cell, { minLength: columns, maxLength: columns })
    const align = fc.constantFrom('left' as const, 'right' as const)
    return fc.record({
      rows: fc.array(line, { maxLength: 40 }),
      aligns: fc.array(align, { minLength: columns, maxLength: columns }),
    })
  })

t.test('property: text of one column a character is laid out as by hand', async (t) => {
  fc.assert(
    fc.property(tables(fc.stringMatching(/^[ -~]{0,14}$/)), ({ rows, aligns }) => {
      t.equal(alignedText(rows, aligns), handLaid(rows, aligns))
    }),
  )
})

t.test('a column without any text takes no place', async (t) => {
  t.equal(alignedText([cells('', '2M'), cells('', '16')], ['left', 'left']), '  2M\n  16')
  t.equal(alignedText([cells(''), cells('')], ['left']), '\n')
})

/** The one that cli-table3 uses where it is not replaced at bundling. */
const require = createRequire(createRequire(import.meta.url).resolve('cli-table3'))
const ownWidth: (text: string) => number = require('string-width')

const wide = [
  ['/mnt/huge', 9],
  ['/mnt/日本語', 11],
  ['/mnt/한국어', 11],
  ['/mnt/\uff26\uff35\uff2c\uff2c', 13],
  ['/mnt/gr\u00f6\u00dfe', 10],
  ['/mnt/gro\u0308\u00dfe', 10],
  ['/mnt/\u{1f600}', 7],
  ['/mnt/\u{1f44d}\u{1f3fd}', 7],
  ['/mnt/\u{1f469}\u200d\u{1f4bb}', 7],
  ['/mnt/\u{1f1e9}\u{1f1ea}', 7],
  ['/mnt/Москва', 11],
  ['/mnt/λ→µ', 8],
  ['/mnt/\\303\\050', 13],
  [bold('SIZE'), 4],
  [green('日本'), 4],
] as const

t.test('both measures of width agree on what is printed', async (t) => {
  for (const [text, width] of wide)
    t.strictSame([fastWidth(text), ownWidth(text)], [width, width], text)
})

t.test('wide characters, combining marks and emoji are aligned', async (t) => {
  t.equal(
    alignedText(
      [cells('TARGET', 'SIZE'), ...wide.slice(0, 7).map(([text]) => cells(text, '2M'))],
      ['left', 'right'],
    ),
    `TARGET         SIZE
/mnt/huge        2M
/mnt/日本語      2M
/mnt/한국어      2M
/mnt/\uff26\uff35\uff2c\uff2c    2M
/mnt/gr\u00f6\u00dfe       2M
/mnt/gro\u0308\u00dfe       2M
/mnt/\u{1f600}          2M`,
  )
})

t.test('property: every text is there unchanged, and its column is aligned', async (t) => {
  const letters = [...'a1 /-日語한\uff26\u00f6\u{1f600}ж', 'e\u0301']
  const name = fc.array(fc.constantFrom(...letters), { maxLength: 30 }).map((all) => all.join(''))
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { minLength: 1, maxLength: 40 }), (rows) => {
      const found = alignedText(
        rows.map(([first, second]) => cells(first, second, '|')),
        ['left', 'right', 'left'],
      ).split('\n')
      const width = (column: 0 | 1) => Math.max(...rows.map((row) => fastWidth(row[column])))
      t.equal(found.length, rows.length)
      for (const [index, [first, second]] of rows.entries()) {
        const blanks = width(0) - fastWidth(first) + 2 + width(1) - fastWidth(second)
        t.equal(found[index], `${first}${' '.repeat(blanks)}${second}  |`)
      }
    }),
    { numRuns: 50 },
  )
})

t.test('cli-table3 is loaded where a table is printed and not before', async (t) => {
  const source = join(import.meta.dirname, '../../src')
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  const naming = (pattern: RegExp) =>
    files.filter(
      (name) => name.endsWith('.ts') && pattern.test(readFileSync(join(source, name), 'utf8')),
    )
  t.strictSame(naming(/'cli-table3'/), ['output/table.ts'])
  t.strictSame(naming(/import\('[^']*\/table\.ts'\)/).sort(), [
    'output/draw-bars.ts',
    'output/render.ts',
  ])
  // It is loaded itself where a terminal is filled with tables.
  t.strictSame(naming(/^import (?!type )[^']*'[^']*\/table\.ts'/m), [
    'output/telemetry/frame-tables.ts',
  ])
})
