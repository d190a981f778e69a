import t from 'tap'
import { HugepoolError } from '../../src/errors.ts'
import { hintText } from '../../src/model/etc/hint-text.ts'
import { loadPaint, plain } from '../../src/output/colour.ts'
import { progressLine } from '../../src/output/progress.ts'
import { remarkLines } from '../../src/output/remarks.ts'
import { errorText, viewText } from '../../src/output/render.ts'
import { columnsOf } from '../../src/output/telemetry/cut-line.ts'
import { metricsText } from '../../src/output/telemetry/metrics-text.ts'
import { textRows } from '../../src/output/text-rows.ts'
import type { View } from '../../src/output/view.ts'
import { hostileName, unseenIn } from '../helpers/hostile.ts'
import * as fc from '../helpers/property.ts'

// Every cell of every table is made by `textRows`, and every word on standard error by `remarkLines`
// and its neighbours: what holds for these holds for every view.

interface Row {
  readonly name: string
  readonly pages: bigint
  readonly path: string
}

const columns = [
  { name: 'NAME', help: '', align: 'left', cell: ({ name }: Row) => name },
  { name: 'PAGES', help: '', align: 'right', cell: ({ pages }: Row) => pages },
  { name: 'PATH', help: '', align: 'right', cell: ({ path }: Row) => path },
] as const

const paint = await loadPaint()
const format = {
  json: false,
  raw: false,
  bytes: false,
  headings: true,
  columns: ['NAME', 'PAGES', 'PATH'],
}

const viewOf = (rows: readonly Row[]): View => ({
  rows: (names, style) => textRows({ columns, rows }, names, style),
  document: () => ({ rows: rows.map((row) => ({ ...row })) }),
  words: [],
  hints: [],
  partial: false,
})

const row = fc.record({ name: hostileName, pages: fc.bigInt(0n, 99n), path: hostileName })
const someRows = fc.array(row, { minLength: 1, maxLength: 5 })

const widthOf = (text: string): number =>
  [...text].reduce((sum, character) => sum + columnsOf(character), 0)

t.test('no cell of a table is obeyed, and each row is one line', async () => {
  await fc.assert(
    fc.asyncProperty(someRows, fc.constantFrom(paint, plain), async (rows, how) => {
      for (const style of [{}, { raw: true }, { pairs: true }]) {
        const text = await viewText(viewOf(rows), { ...format, ...style }, how)
        const lines = text.slice(0, -1).split('\n')
        const heading = 'pairs' in style ? 0 : 1
        if (unseenIn(text).length > 0 || lines.length !== rows.length + heading) return false
        if ('raw' in style && lines.some((line) => line.split(/\s/).length !== 3)) return false
      }
      return true
    }),
  )
})

t.test('long and wide names leave the columns behind them in their place', async (t) => {
  const names = ['a', '漢'.repeat(20), `\u001b[31m${'x'.repeat(4096)}`, '\u202eabc', 'e\u0301']
  const rows = names.map((name, index) => ({ name, pages: BigInt(index), path: 'p' }))
  const [heading = '', ...lines] = (await viewText(viewOf(rows), format, plain)).trim().split('\n')
  const wanted = widthOf(heading)
  t.strictSame(lines.map(widthOf), [wanted, wanted, wanted, wanted, wanted])
})

t.test('a document keeps every name exactly', async () => {
  await fc.assert(
    fc.asyncProperty(someRows, async (rows) => {
      const text = await viewText(viewOf(rows), { ...format, json: true }, plain)
      const read = JSON.parse(text).rows.map((one: Row) => [one.name, one.path])
      const same = JSON.stringify(read) === JSON.stringify(rows.map((one) => [one.name, one.path]))
      return same && unseenIn(text).length === 0
    }),
  )
})

t.test('no word on standard error is obeyed, and no name begins a line', async () => {
  fc.assert(
    fc.property(hostileName, fc.boolean(), (name, failed) => {
      const failure = new HugepoolError('E_REFUSED', 'busy', name, hintText([name, name]))
      const view = {
        ...viewOf([]),
        ...{ notes: [name], noteHints: [name], words: [name], hints: [name] },
        ...{ failure, denied: failure },
      }
      const lines = remarkLines(view, { failed, quiet: false }, paint)
      const text = lines.join('')
      // Notes, hints and words, and of each error a sentence and two hints.
      const count = 1 + 1 + 1 + 1 + 3 + 3
      const starts = text.split('\n').slice(0, -1)
      return (
        unseenIn(text).length === 0 &&
        starts.length === count &&
        starts.every((line) => /^(?:\S*hugepool:|hint: )/.test(line)) &&
        JSON.parse(errorText(failure)).error.message === name
      )
    }),
  )
})

t.test('a long word is cut, but not within a character', async (t) => {
  const long = (pieces: number) => `${'x'.repeat(pieces)}${'\u{1f600}'.repeat(600)}`
  for (const pieces of [0, 1]) {
    const [line = ''] = remarkLines(
      { ...viewOf([]), words: [long(pieces)] },
      { failed: true, quiet: false },
      plain,
    )
    t.match(line, /\u{1f600}\.\.\.\u{1f600}/u)
    t.notMatch(line, /\\\d/)
  }
})

t.test('no line of progress and no label of a metric is obeyed', async () => {
  await fc.assert(
    fc.asyncProperty(hostileName, async (name) => {
      let said = ''
      let now = 0
      const err = (text: string) => {
        said += text
      }
      const streams = { out: err, err, outIsTerminal: true, errIsTerminal: true, environment: {} }
      const line = progressLine(streams, () => now, true)
      for (now of [0, 1000]) line.show({ label: name, obtained: 5n, requested: 10n })
      const samples = [{ labels: { cgroup: name }, value: 5n }]
      const family = { name: 'x', type: 'gauge', unit: 'pages', help: 'x', labels: ['cgroup'] }
      const metrics = await metricsText([{ ...family, samples } as never], 'openmetrics')
      const clearLine = '\r\u001b[K'
      return (
        said.startsWith(clearLine) && unseenIn(said.slice(clearLine.length) + metrics).length === 0
      )
    }),
  )
})

t.test('lines that a shell or a file is to read are not obeyed either', async (t) => {
  const lines = ['a\tb\nc', '\u001b[2J\r\u202e']
  t.equal(
    await viewText({ ...viewOf([]), lines }, format, plain),
    'a\tb\nc\n\\033[2J\\015\\342\\200\\256\n',
  )
})
