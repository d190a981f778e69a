import t from 'tap'
import { listCommand } from '../../src/cli/commands/list.ts'
import { metricsCommand } from '../../src/cli/commands/metrics.ts'
import { mountsCommand } from '../../src/cli/commands/mounts.ts'
import { schemaCommand } from '../../src/cli/commands/print-schema.ts'
import { whoCommand } from '../../src/cli/commands/who.ts'
import { loadAllCommands } from '../../src/cli/commands.ts'
import { columnsAsked, formatOf } from '../../src/cli/settings.ts'

const commands = await loadAllCommands()

const silent = { outIsTerminal: false, environment: {} }

const words = (...switches: readonly string[]) => ({
  operands: [],
  values: {},
  switches: new Set(switches),
})

t.test('the column of the nodes is usual with lines of nodes', async (t) => {
  t.notOk(formatOf(listCommand, words(), silent).columns.includes('NODE'))
  t.strictSame(formatOf(listCommand, words('per-node'), silent).columns.slice(0, 3), [
    'SIZE',
    'NODE',
    'TOTAL',
  ])
  t.strictSame(columnsAsked(listCommand, words('json')), [])
})

t.test('an --output of the command itself names no columns', async (t) => {
  const typed = { ...words(), values: { output: 'a.prom' } }
  t.strictSame(formatOf(metricsCommand, typed, silent).columns, [])
  t.throws(() => formatOf(schemaCommand, typed, silent), { message: "'a.prom' is not a column" })
})

t.test('what is not usual is there with all columns', async (t) => {
  t.notOk(formatOf(mountsCommand, words(), silent).columns.includes('HIDDEN'))
  t.equal(formatOf(mountsCommand, words('output-all'), silent).columns.at(-1), 'USE')
})

t.test('a switch brings along a column of its command that is not usual anyway', async (t) => {
  const asked = commands.flatMap((command) =>
    command.options.flatMap(({ column = [] }) =>
      [column].flat().map((each) => ({ command, column: each })),
    ),
  )
  t.ok(asked.length > 1)
  for (const { command, column } of asked)
    t.equal(command.columns.find(({ name }) => name === column)?.usual, false, column)
})

t.test('so does a value: by what who adds up is shown', async (t) => {
  const columns = (by: string) =>
    formatOf(whoCommand, { ...words(), values: { by } }, silent).columns
  t.ok(columns('container').includes('CONTAINER'))
  t.ok(columns('node').includes('NODES'))
  for (const by of ['process', 'user', 'kind'])
    t.strictSame(columns(by), formatOf(whoCommand, words(), silent).columns, by)
  const added = { ...words(), values: { by: 'node', output: '+MEMORY' } }
  t.strictSame(formatOf(whoCommand, added, silent).columns.slice(-2), ['NAME', 'MEMORY'])
})
