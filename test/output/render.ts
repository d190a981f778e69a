import t from 'tap'
import { HugepoolError } from '../../src/errors.ts'
import { plain } from '../../src/output/colour.ts'
import { errorLines, errorText, hintLine, sentence, viewText } from '../../src/output/render.ts'
import { errorSchema } from '../../src/output/schemas/parts.ts'
import { textRows } from '../../src/output/text-rows.ts'
import type { View } from '../../src/output/view.ts'
import { parseExact } from '../helpers/json.ts'

const columns = [
  { name: 'SIZE', help: '', align: 'left', cell: ({ size }: Row) => ({ bytes: size }) },
  { name: 'FREE', help: '', align: 'right', cell: ({ free }: Row) => free },
] as const
interface Row {
  readonly size: bigint
  readonly free?: bigint
}
const rows: readonly Row[] = [{ size: 2097152n, free: 1000n }, { size: 1073741824n }]

const view: View = {
  rows: (names, style) => textRows({ columns, rows }, names, style),
  document: () => ({ pools: [] }),
  words: [],
  hints: [],
  partial: false,
}
const format = { json: false, raw: false, bytes: false, headings: true, columns: ['SIZE', 'FREE'] }

t.test('a table, with and without its headings', async (t) => {
  t.equal(await viewText(view, format, plain), 'SIZE  FREE\n2M    1000\n1G       -\n')
  t.equal(await viewText(view, { ...format, headings: false }, plain), '2M  1000\n1G     -\n')
})

t.test('raw has one space between fields and no padding', async (t) => {
  t.equal(await viewText(view, { ...format, raw: true }, plain), 'SIZE FREE\n2M 1000\n1G -\n')
  const bare = { ...format, raw: true, bytes: true, headings: false }
  t.equal(await viewText(view, bare, plain), '2097152 1000\n1073741824 -\n')
})

t.test('pairs are one line for each row, whatever else is asked for', async (t) => {
  const pairs = { ...format, pairs: true }
  const text = 'SIZE="2M" FREE="1000"\nSIZE="1G" FREE=""\n'
  t.equal(await viewText(view, pairs, plain), text)
  const painted = { ...plain, heading: (shown: string) => `<${shown}>`, tone: () => 'painted' }
  t.equal(await viewText(view, { ...pairs, headings: false }, painted), text)
  const second = [{ name: 'IN-USE', help: '', align: 'right', cell: () => 5n }] as const
  const moreRows: View['moreRows'] = (style) =>
    textRows({ columns: second, rows: [1] }, ['IN-USE'], style)
  t.equal(await viewText({ ...view, moreRows }, pairs, plain), `${text}IN_USE="5"\n`)
  const none: View['rows'] = (names, style) => textRows({ columns, rows: [] }, names, style)
  t.equal(await viewText({ ...view, rows: none }, pairs, plain), '')
})

t.test('only the columns that are named, in that order', async (t) => {
  t.equal(
    await viewText(view, { ...format, columns: ['FREE', 'SIZE'] }, plain),
    'FREE  SIZE\n1000  2M\n   -  1G\n',
  )
})

t.test('a document, with the error that ended the work', async (t) => {
  t.equal(await viewText(view, { ...format, json: true }, plain), '{"version":1,"pools":[]}\n')
  const failure = new HugepoolError('E_KERNEL', 'kernel', 'words')
  t.equal(
    await viewText({ ...view, failure }, { ...format, json: true }, plain),
    '{"version":1,"pools":[],"error":{"code":"E_KERNEL","reason":"kernel","message":"words"}}\n',
  )
})

t.test('lines stand as they are', async (t) => {
  t.equal(
    await viewText({ ...view, lines: ['echo 5 > /sys/x', 'b'] }, format, plain),
    'echo 5 > /sys/x\nb\n',
  )
  t.equal(await viewText({ ...view, lines: [] }, format, plain), '', 'not even an empty line')
})

t.test('an error as a document', async (t) => {
  const text = errorText(
    new HugepoolError('E_USAGE', 'wrong-words', 'wrong "words"', 'right ones\nor none'),
  )
  t.equal(
    text,
    '{"version":1,"error":{"code":"E_USAGE","reason":"wrong-words","message":"wrong \\"words\\"","hint":"right ones\\nor none","hints":["right ones","or none"]}}\n',
  )
  errorSchema.parse(parseExact(text))
})

t.test('an error in words, with a hint where there is one', async (t) => {
  t.equal(errorLines(new HugepoolError('E_KERNEL', 'kernel', 'words'), plain), 'hugepool: words\n')
  t.equal(
    errorLines(new HugepoolError('E_KERNEL', 'kernel', 'words', 'advice'), plain),
    'hugepool: words\nhint: advice\n',
  )
})

t.test('what was done before an error stands between it and its hints', async (t) => {
  const error = new HugepoolError('E_KERNEL', 'kernel', 'words', 'advice')
  const done = ['8 written to /a', 'mounted on /b\n']
  t.equal(
    errorLines(error, plain, done),
    'hugepool: words\nhugepool: done before that: 8 written to /a\nhugepool: done before that: mounted on /b\\012\nhint: advice\n',
  )
  const text = errorText(error, [], done)
  t.strictSame((parseExact(text) as { error: unknown }).error, {
    code: 'E_KERNEL',
    reason: 'kernel',
    message: 'words',
    hint: 'advice',
    hints: ['advice'],
    done,
  })
  errorSchema.parse(parseExact(text))
})

t.test('control characters do not reach the terminal', async (t) => {
  const evil = 'a\u001b[2Jb\r\n\u0000c\u007fd\u009b'
  const harmless = 'a\\033[2Jb\\015\\012\\000c\\177d\\302\\233'
  t.equal(sentence(evil), `hugepool: ${harmless}\n`)
  t.equal(hintLine(evil), `hint: ${harmless}\n`)
  t.equal(
    errorLines(new HugepoolError('E_USAGE', 'wrong-words', evil, `a\u001b\nb`), plain),
    `hugepool: ${harmless}\nhint: a\\033\nhint: b\n`,
    'a hint may have several lines',
  )
})

t.test('a message of a megabyte is cut', async (t) => {
  const lines = errorLines(
    new HugepoolError('E_USAGE', 'wrong-words', 'x'.repeat(2 ** 20), 'y'.repeat(2 ** 20)),
    plain,
  )
  t.ok(lines.length < 2100, `${lines.length}`)
})
