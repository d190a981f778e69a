import fc from 'fast-check'
import t from 'tap'
import { alignedText } from '../../src/output/table.ts'

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
  const red = (text: string) => `<${text}>`
  const rows = [
    [{ text: 'A', paint: red }, { text: 'BB' }],
    [{ text: '100' }, { text: '$&', paint: red }],
  ]
  t.equal(alignedText(rows, ['right', 'left']), '  <A>  BB\n100  <$&>')
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
