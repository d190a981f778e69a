import t from 'tap'
import { listCommand } from '../../src/cli/commands/list.ts'
import { mountsCommand } from '../../src/cli/commands/mounts.ts'
import { commands } from '../../src/cli/commands.ts'
import { columnsAsked, formatOf } from '../../src/cli/settings.ts'

const words = (...switches: readonly string[]) => ({
  operands: [],
  values: {},
  switches: new Set(switches),
})

t.test('the column of the nodes is usual with lines of nodes', async (t) => {
  t.notOk(formatOf(listCommand, words()).columns.includes('NODE'))
  t.strictSame(formatOf(listCommand, words('per-node')).columns.slice(0, 3), [
    'SIZE',
    'NODE',
    'TOTAL',
  ])
  t.strictSame(columnsAsked(listCommand, new Set(['json'])), [])
})

t.test('what is not usual is there with all columns', async (t) => {
  t.notOk(formatOf(mountsCommand, words()).columns.includes('HIDDEN'))
  t.equal(formatOf(mountsCommand, words('output-all')).columns.at(-1), 'HIDDEN')
})

t.test('a switch brings along a column of its command that is not usual anyway', async (t) => {
  const asked = commands.flatMap((command) =>
    command.options.flatMap(({ column }) => (column === undefined ? [] : [{ command, column }])),
  )
  t.ok(asked.length > 1)
  for (const { command, column } of asked)
    t.equal(command.columns.find(({ name }) => name === column)?.usual, false, column)
})
