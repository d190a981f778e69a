import t from 'tap'
import { loadAllCommands, optionsOf } from '../../src/cli/commands.ts'
import { commandHelp, overviewHelp } from '../../src/cli/help.ts'
import type { Option } from '../../src/cli/options/option.ts'

const commands = await loadAllCommands()

const helps = [overviewHelp(), ...commands.map(commandHelp)]

const titles = (help: string): readonly string[] =>
  [...help.matchAll(/^([A-Z][a-z ]+):(?:$| hugepool)/gm)].map(([, title = '']) => title)

const sectionOf = (help: string, title: string): string =>
  help.split(`\n${title}:\n`)[1]?.split('\n\n')[0] ?? ''

/** The text on one line, however it was broken. */
const unbroken = (text: string): string => text.replaceAll(/\s+/g, ' ')

t.test('no line is wider than a terminal, none has blanks at its end', async (t) => {
  for (const help of helps) {
    t.strictSame(
      help.split('\n').filter((line) => line.length > 80 || line.endsWith(' ')),
      [],
    )
    t.ok(help.endsWith('\n') && !help.endsWith('\n\n'))
    t.notMatch(help, /\[(?:string|boolean|choices|default)|undefined|\n\n\n/)
  }
})

t.test('the sections of a command, in their order', async (t) => {
  const sections = ['Usage', 'Options', 'Common options', 'Columns', 'Examples']
  for (const command of commands) {
    const left = sections.filter(
      (title) =>
        (title !== 'Options' || command.options.length > 0) &&
        (title !== 'Columns' || command.columns.length > 0),
    )
    t.strictSame(titles(commandHelp(command)), left, command.name)
  }
})

t.test('the sections of the overview', async (t) => {
  t.strictSame(titles(overviewHelp()), [
    'Usage',
    'Commands',
    'Options of every command',
    'Words',
    'Examples',
    'Exit status',
  ])
})

t.test('every option with its letter, its value and its words', async (t) => {
  const told = (text: string, { name, letter, value, bare, help }: Option) => {
    const short = letter === undefined ? '' : `-${letter}, `
    const shown = bare === undefined ? ` ${value}` : `[=${value}]`
    const words = `${short}--${name}${value === undefined ? '' : shown} ${help}`
    t.ok(unbroken(text).includes(` ${words}`), words)
  }
  for (const command of commands) {
    const help = commandHelp(command)
    for (const option of command.options) told(sectionOf(help, 'Options'), option)
    const common = optionsOf(command).slice(command.options.length)
    for (const option of common) told(sectionOf(help, 'Common options'), option)
  }
})

t.test('details, columns and examples, what is to be typed on one line', async (t) => {
  for (const command of commands) {
    const help = commandHelp(command)
    t.ok(unbroken(help).includes(command.details.join(' ')), command.name)
    for (const { name, help: words } of command.columns)
      t.ok(unbroken(sectionOf(help, 'Columns')).includes(`${name} ${words}`), name)
    const examples = sectionOf(help, 'Examples').split('\n')
    for (const { line, meaning } of command.examples) {
      const index = examples.findIndex((text) => `${text}  `.startsWith(`  ${line}  `))
      t.ok(index >= 0, line)
      t.ok(
        examples
          .slice(index, index + 2)
          .join('\n')
          .includes(meaning),
        meaning,
      )
    }
  }
})

t.test('an option of some length is broken under its words', async (t) => {
  const resize = commands.find(({ name }) => name === 'resize')
  t.match(
    resize && commandHelp(resize),
    [
      '      --mempolicy POLICY  grow and shrink under bind:NODES, interleave:NODES or',
      '                          preferred:NODE\n',
    ].join('\n'),
  )
})
