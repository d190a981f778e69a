import t from 'tap'
import { plain } from '../src/output/colour.ts'
import type { Format } from '../src/output/render.ts'
import type { View } from '../src/output/view.ts'
import { print, viewsShown } from '../src/show-views.ts'

/** Streams that keep what is written, each piece by the name of its stream. */
const keptStreams = (given: { readonly outIsClosed?: () => boolean } = {}) => {
  const written: string[] = []
  const streams = {
    out: (text: string) => {
      written.push(`out ${text}`)
    },
    err: (text: string) => {
      written.push(`err ${text}`)
    },
    outIsTerminal: false,
    errIsTerminal: false,
    environment: {},
    ...given,
  }
  return { streams, written }
}

const viewOf = (text: string, notes: readonly string[] = []): View => ({
  rows: () => ({ headings: ['A'], aligns: ['left'], rows: [[{ text }]] }),
  document: () => ({ text }),
  notes,
  words: [],
  hints: [],
  partial: false,
})

const table: Format = { json: false, raw: false, bytes: false, headings: true, columns: [] }

const shownAs = async (format: Format, views: readonly View[], quiet = false) => {
  const { streams, written } = keptStreams()
  const show = viewsShown(streams, { format, quiet, paint: async () => plain })
  for (const view of views) t.equal(await show(view), true)
  return written
}

t.test('an empty line parts tables, and nothing else that a program reads', async (t) => {
  const two = [viewOf('1'), viewOf('2')]
  t.strictSame(await shownAs(table, two), ['out A\n1\n', 'out \nA\n2\n'])
  t.strictSame(await shownAs({ ...table, raw: true }, two), ['out A\n1\n', 'out A\n2\n'])
  t.strictSame(await shownAs({ ...table, pairs: true }, two), ['out A="1"\n', 'out A="2"\n'])
  t.strictSame(await shownAs({ ...table, json: true }, two), [
    'out {"version":1,"text":"1"}\n',
    'out {"version":1,"text":"2"}\n',
  ])
})

t.test('a sentence is said once, until a view comes without it', async (t) => {
  const [one, other] = [viewOf('1', ['a note']), viewOf('2')]
  t.strictSame(await shownAs({ ...table, raw: true }, [one, one, other, one]), [
    'out A\n1\n',
    'err hugepool: note: a note\n',
    'out A\n1\n',
    'out A\n2\n',
    'out A\n1\n',
    'err hugepool: note: a note\n',
  ])
  t.strictSame(await shownAs(table, [one], true), ['out A\n1\n'])
})

t.test('a reader that is gone is told of', async (t) => {
  let closed = false
  const { streams } = keptStreams({ outIsClosed: () => closed })
  const show = viewsShown(streams, { format: table, quiet: false, paint: async () => plain })
  t.equal(await show(viewOf('1')), true)
  closed = true
  t.equal(await show(viewOf('1')), false)
})

t.test('what standard output refuses is an error of the kernel', async (t) => {
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', errno: -28, syscall: 'write' })
  const { streams } = keptStreams()
  const out = () => {
    throw full
  }
  t.throws(() => print({ ...streams, out }, 'text'), { code: 'E_KERNEL' })
})
