import t from 'tap'
import type { Words } from '../../src/cli/command.ts'
import { loadAllCommands, optionsOf } from '../../src/cli/commands.ts'
import { readWords } from '../../src/cli/read-words.ts'

const commands = await loadAllCommands()

const read = (name: string, words: readonly string[]): Words => {
  const command = commands.find((one) => one.name === name)
  if (command === undefined) throw new Error(`no command ${name}`)
  return readWords(words, optionsOf(command), { name, ...command.operands })
}

t.test('operands, values and switches', async (t) => {
  t.strictSame(read('resize', ['2M=-64', '-rn', '--node', '-1', '--', '-x', '--json']), {
    operands: ['2M=-64', '-x', '--json'],
    values: { node: '-1' },
    switches: new Set(['raw', 'noheadings']),
  })
  t.strictSame(read('list', ['--json', '--json', '-2', '-']).operands, ['-2', '-'])
  t.strictSame(read('list', ['-2', '--', '--constructor']).operands, ['-2', '--constructor'])
  t.strictSame(read('list', ['-1.5', '--', '-z']).operands, ['-1.5', '-z'])
  t.strictSame(read('list', ['-r', '--', '-z']).operands, ['-z'])
  t.strictSame(read('list', ['--output=a=b', 'x\ny']), {
    operands: ['x\ny'],
    values: { output: 'a=b' },
    switches: new Set<string>(),
  })
})

t.test('a word after a switch is an operand, whatever it says', async (t) => {
  for (const word of ['true', 'false', 'yes', '1'])
    t.strictSame(read('list', ['--raw', word]), {
      operands: [word],
      values: {},
      switches: new Set(['raw']),
    })
})

const wrong: readonly (readonly [name: string, words: readonly string[], message: string])[] = [
  ['list', ['--bogus'], 'unknown option --bogus'],
  ['list', ['--bogus=1', '2M'], 'unknown option --bogus'],
  ['list', ['--no-json'], 'unknown option --no-json'],
  ['list', ['-z'], 'unknown option -z'],
  ['list', ['-rzJ'], 'unknown option -z'],
  ['list', ['--J'], 'unknown option --J'],
  ['list', ['--o=SIZE'], 'unknown option --o'],
  ['list', ['--=x'], 'unknown option --=x'],
  ['list', ['--$0=x'], 'unknown option --$0'],
  [
    'resize',
    ['2M=5', '--get-yargs-completions', '--dry-rn'],
    'unknown option --get-yargs-completions',
  ],
  ['list', ['--get-yargs-completions=x'], 'unknown option --get-yargs-completions'],
  ['list', ['--_', '2M'], 'unknown option --_'],
  ['list', ['--__proto__=1'], 'unknown option --__proto__'],
  ['list', ['--constructor'], 'unknown option --constructor'],
  ['list', ['--toString', '1'], 'unknown option --toString'],
  ['list', ['--json\nx'], 'unknown option --json\nx'],
  ['list', ['--js\u2028on=1'], 'unknown option --js\u2028on'],
  ['list', ['----\n'], 'unknown option ----\n'],
  ['list', ['-r\n'], 'unknown option -\n'],
  ['list', ['-z', '--', '--constructor'], 'unknown option -z'],
  ['list', ['-rz', '--', '--constructor'], 'unknown option -z'],
  ['list', ['-\n', '--', '--constructor'], 'unknown option -\n'],
  ['list', ['-0x', '--', '--constructor'], 'unknown option -0'],
  ['list', ['--json.x=1'], 'unknown option --json.x'],
  ['list', ['--perNode'], 'unknown option --perNode'],
  ['list', ['--json=yes'], '--json takes no value'],
  ['list', ['--json='], '--json takes no value'],
  ['list', ['--output'], '--output needs a value: COL,COL'],
  ['list', ['-o', '--json'], '--output needs a value: COL,COL'],
  ['list', ['-o', '--', '2M'], '--output needs a value: COL,COL'],
  ['list', ['--output', ''], '--output needs a value: COL,COL'],
  ['list', ['--output='], '--output needs a value: COL,COL'],
  ['list', ['-oA', '--output=B'], '--output is given twice'],
  ['list', ['--color=blue'], "--color is one of auto, always, never, not 'blue'"],
  ['list', ['--color', 'a"b\n'], "--color is one of auto, always, never, not 'a\"b\n'"],
  ['list', ['--raw', '-J'], '--json and --raw exclude each other'],
  ['mounts', ['--pairs', '-J'], '--json and --pairs exclude each other'],
  ['list', ['-rP'], '--raw and --pairs exclude each other'],
  ['list', ['-oA', '--output-all'], '--output and --output-all exclude each other'],
  ['test', ['2M=1', '--shared', '--private'], '--private and --shared exclude each other'],
  ['resize', [], 'resize needs an operand: ASSIGNMENT...'],
  ['resize', ['--'], 'resize needs an operand: ASSIGNMENT...'],
  ['completion', ['bash', 'zsh', 'fish'], "'zsh' is one word too many for completion"],
  ['completion', ['bash', '--', '-x'], "'-x' is one word too many for completion"],
]

/** Some of those who read a test's output take this character for the end of a line. */
const shown = (words: readonly string[]): string =>
  JSON.stringify(words).replaceAll('\u2028', '\\u2028')

t.test('wrong words', async (t) => {
  for (const [name, words, message] of wrong)
    t.throws(() => read(name, words), { code: 'E_USAGE', message }, shown(words))
})

t.test('of two things that are wrong the option is named', async (t) => {
  t.throws(() => read('resize', ['--bogus']), { message: 'unknown option --bogus' })
  t.throws(() => read('mount', ['/x', '/y', '--persist=x']), { message: /^--persist is one of/ })
})

t.test('who asks for help need not know the operands, but the options', async (t) => {
  for (const word of ['--help', '-h', '--version']) {
    t.doesNotThrow(() => read('resize', [word]))
    t.doesNotThrow(() => read('list', [word, '--json', '--raw']))
    t.throws(() => read('list', [word, '--bogus']), { message: 'unknown option --bogus' })
  }
})
