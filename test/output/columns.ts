import t from 'tap'
import { present } from '../../src/model/words/present.ts'
import { cellText, selectColumns } from '../../src/output/columns.ts'

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

t.test('no text of a cell speaks to the terminal', async (t) => {
  for (const raw of [false, true])
    t.equal(cellText('a\n\u001b[31mb', { bytes: false, raw }), 'a\\012\\033[31mb')
})

t.test('a mark for people is a word for scripts, and no cell is empty', async (t) => {
  t.equal(cellText(true, { bytes: false, raw: false }), '*')
  t.equal(cellText(false, { bytes: false, raw: false }), '-')
  t.equal(cellText(true, { bytes: false, raw: true }), 'yes')
  t.equal(cellText(false, { bytes: false, raw: true }), 'no')
})

t.test('a path stays one line, and raw one field', async (t) => {
  const style = (raw: boolean) => ({ bytes: false, raw })
  const paths = [
    ['/mnt/huge', '/mnt/huge', '/mnt/huge'],
    ['/two words', '/two words', '/two\\040words'],
    ['/back\\slash', '/back\\slash', '/back\\134slash'],
    ['/a\nb\tc\x1b[31m', '/a\\012b\\011c\\033[31m', '/a\\012b\\011c\\033[31m'],
    ['/\u0085', '/\\302\\205', '/\\302\\205'],
    ['/\u202egpj', '/\\342\\200\\256gpj', '/\\342\\200\\256gpj'],
    ['/größe', '/größe', '/größe'],
  ] as const
  for (const [path, table, raw] of paths) {
    t.equal(cellText({ path }, style(false)), table)
    t.equal(cellText({ path }, style(true)), raw)
  }
})
