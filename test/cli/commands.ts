import t from 'tap'
import {
  commands,
  defaultCommand,
  defaultOptions,
  findCommand,
  loadCommand,
  optionsOf,
} from '../../src/cli/commands.ts'

t.test('a command is found by its name and by another one', async (t) => {
  t.equal(findCommand('resize')?.name, 'resize')
  t.equal(findCommand('set')?.name, 'resize')
  t.equal(findCommand('Set'), undefined)
  t.equal(findCommand(''), undefined)
})

t.test('every file has the command that its row names', async (t) => {
  for (const named of commands) {
    const { name, summary, examples } = await loadCommand(named)
    t.strictSame([name, summary], [named.name, named.summary])
    t.ok(
      examples.some(({ line }) => ` ${line}`.includes(` ${name}`)),
      `its examples are about ${name}`,
    )
  }
})

t.test('an option of a command stands for the common one of its name', async (t) => {
  const metrics = findCommand('metrics')
  if (metrics === undefined) throw new Error('it is there')
  const outputs = optionsOf(await loadCommand(metrics)).filter(({ name }) => name === 'output')
  t.strictSame(
    outputs.map(({ letter, value }) => [letter, value]),
    [['o', 'FILE.prom']],
  )
})

t.test('where no command is named, list runs, with its options', async (t) => {
  const command = await defaultCommand()
  t.equal(command.name, 'list')
  t.strictSame(optionsOf(command), defaultOptions)
})
