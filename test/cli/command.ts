import t from 'tap'
import { define } from '../../src/cli/command.ts'
import type { Ports } from '../../src/operations/ports.ts'
import type { View } from '../../src/output/view.ts'

const facts = {
  details: [],
  operands: { usage: '', least: 0, most: 0, completes: 'size' },
  options: [],
  columns: [],
  examples: [],
} as const

t.test('a command shows results while it runs, as it shows the last one', async (t) => {
  const { prepare } = define<'list', string, number>({
    ...facts,
    resolve: ({ operands }) => operands.join(),
    run: async (_, __, { show }) => ((await show(1)) ? 2 : 3),
    view: (result, request) => ({
      lines: [`${request} ${result}`],
      document: () => ({ pools: [] }),
      words: [],
      hints: [],
      partial: false,
    }),
  })
  for (const [isRead, last] of [
    [true, 'a,b 2'],
    [false, 'a,b 3'],
  ] as const) {
    const shown: View[] = []
    const show = async (view: View) => shown.push(view) > 0 && isRead
    const words = { operands: ['a', 'b'], values: {}, switches: new Set<string>() }
    const { lines } = await prepare(words)({} as Ports, { show, screen: async () => undefined })
    t.strictSame([shown.map((view) => view.lines), lines], [[['a,b 1']], [last]])
  }
})
