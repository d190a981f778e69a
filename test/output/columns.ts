import t from 'tap'
import { withoutOctalEscapes } from '../../src/model/etc/octal-escapes.ts'
import { octets, textOf } from '../../src/model/etc/octets.ts'
import { present } from '../../src/model/words/present.ts'
import { cellText, selectColumns } from '../../src/output/columns.ts'
import * as fc from '../helpers/property.ts'

const human = { bytes: false, raw: false }
const fields = { bytes: false, raw: true }
const pairs = { bytes: false, raw: false, pairs: true }

const columns = [
  { name: 'SIZE', help: '' },
  { name: 'NODE', help: '', usual: false },
  { name: 'IN-USE', help: '', usual: true },
]
const select = (output?: string, all = false, also: readonly string[] = []) =>
  selectColumns(columns, { all, also, ...present({ output }) })

t.test('the usual columns, all of them, or those that are named', async (t) => {
  t.strictSame(select(), ['SIZE', 'IN-USE'])
  t.strictSame(select(undefined, true), ['SIZE', 'NODE', 'IN-USE'])
  t.strictSame(select('IN-USE,SIZE'), ['IN-USE', 'SIZE'])
  t.strictSame(select('in-use,Size'), ['IN-USE', 'SIZE'])
  t.strictSame(select('SIZE,SIZE'), ['SIZE', 'SIZE'])
})

t.test('a column that something else asks for is a usual one, in its place', async (t) => {
  t.strictSame(select(undefined, false, ['NODE']), ['SIZE', 'NODE', 'IN-USE'])
  t.strictSame(select('+NODE', false, ['NODE']), ['SIZE', 'NODE', 'IN-USE'])
  t.strictSame(select('IN-USE', false, ['NODE']), ['IN-USE'])
})

t.test('+ adds to the usual ones, each once', async (t) => {
  t.strictSame(select('+NODE'), ['SIZE', 'IN-USE', 'NODE'])
  t.strictSame(select('+SIZE'), ['SIZE', 'IN-USE'])
})

t.test('an unknown column is an error of usage that names those there are', async (t) => {
  for (const [output, named] of [
    ['SIZES', 'SIZES'],
    ['SIZE,', ''],
    ['SIZE,,NODE', ''],
    ['+', ''],
    ['SIZE,+NODE', '+NODE'],
    ['SIZE, NODE', ' NODE'],
    ['total', 'total'],
  ] as const)
    t.throws(
      () => select(output),
      {
        code: 'E_USAGE',
        message: `'${named}' is not a column`,
        hint: 'the columns are SIZE, NODE, IN-USE',
      },
      output,
    )
})

t.test('a cell as text', async (t) => {
  const style = { bytes: false, raw: false }
  t.equal(cellText(undefined, style), '-')
  t.equal(cellText(0n, style), '0')
  t.equal(cellText(18446744073709551615n, style), '18446744073709551615')
  t.equal(cellText(-1n, style), '-1')
  t.equal(cellText(3, style), '3')
  t.equal(cellText('all', style), 'all')
  t.equal(cellText({ bytes: 2097152n }, style), '2M')
  t.equal(cellText({ bytes: 1026n * 1024n ** 2n }, style), '1026M')
  t.equal(cellText({ bytes: 2097152n }, { ...style, bytes: true }), '2097152')
})

t.test('a count has its noun where people read it', async (t) => {
  const cell = { count: 1n, of: 'page' }
  t.equal(cellText(cell, human), '1 page')
  t.equal(cellText({ ...cell, count: 2n }, { bytes: true, raw: false }), '2 pages')
  t.equal(cellText(cell, fields), '1')
  t.equal(cellText(cell, pairs), '1')
})

t.test('no text of a cell speaks to the terminal', async (t) => {
  for (const raw of [false, true])
    t.equal(cellText('a\n\u001b[31mb', { bytes: false, raw }), 'a\\012\\033[31mb')
})

t.test('a mark for people is a word for scripts, and no cell is empty', async (t) => {
  t.equal(cellText(true, { bytes: false, raw: false }), '*')
  t.equal(cellText(false, { bytes: false, raw: false }), '-')
  t.equal(cellText(true, { bytes: false, raw: true }), 'yes')
  t.equal(cellText(false, { bytes: false, raw: true }), 'no')
  t.equal(cellText(true, pairs), 'yes')
  t.equal(cellText(false, pairs), 'no')
  t.equal(cellText(undefined, pairs), '', 'what the kernel does not have is empty, as in lsblk')
})

t.test('any text stays one line, raw one field, and in a pair between its quotes', async (t) => {
  const paths = [
    ['/mnt/huge', '/mnt/huge', '/mnt/huge', '/mnt/huge'],
    ['/two words', '/two words', '/two\\040words', '/two words'],
    ['/back\\slash', '/back\\slash', '/back\\134slash', '/back\\x5cslash'],
    ['/a"b', '/a"b', '/a"b', '/a\\x22b'],
    ['/$(id)`id`', '/$(id)`id`', '/$(id)`id`', '/\\x24(id)\\x60id\\x60'],
    [
      '/a\nb\tc\x1b[31m',
      '/a\\012b\\011c\\033[31m',
      '/a\\012b\\011c\\033[31m',
      '/a\\x0ab\\x09c\\x1b[31m',
    ],
    ['/\u0085', '/\\302\\205', '/\\302\\205', '/\\xc2\\x85'],
    ['/\u202egpj', '/\\342\\200\\256gpj', '/\\342\\200\\256gpj', '/\\xe2\\x80\\xaegpj'],
    ['/\u200b', '/\\342\\200\\213', '/\\342\\200\\213', '/\\xe2\\x80\\x8b'],
    ['/a\u00a0b', '/a\u00a0b', '/a\\302\\240b', '/a\u00a0b'],
    ['', '', '-', ''],
    ['/größe', '/größe', '/größe', '/größe'],
  ] as const
  for (const [path, table, raw, pair] of paths)
    t.strictSame(
      [cellText(path, human), cellText(path, fields), cellText(path, pairs)],
      [table, raw, pair],
    )
})

t.test('whatever a text holds, it is read back', async (t) => {
  const text = fc.string({ unit: fc.character }).filter((one) => !/\p{Cs}/u.test(one))
  fc.assert(
    fc.property(text, (one) => {
      const raw = cellText(one, fields)
      const pair = cellText(one, pairs)
      if (one === '') return raw === '-' && pair === ''
      if (/[\p{Z}\p{Cc}]/u.test(raw) || /["`$\p{Cc}]|\\(?!x[0-9a-f]{2})/u.test(pair)) return false
      const bytes = pair.replace(
        /\\x(..)/g,
        (_, digits) => `\\${Number.parseInt(digits, 16).toString(8).padStart(3, '0')}`,
      )
      return [raw, bytes].every((found) => textOf(withoutOctalEscapes(octets(found))) === one)
    }),
  )
  t.pass()
})
