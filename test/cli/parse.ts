import t from 'tap'
import { loadAllCommands, optionsOf } from '../../src/cli/commands.ts'
import { type Parsed, parse } from '../../src/cli/parse.ts'
import { HugepoolError } from '../../src/errors.ts'
import * as fc from '../helpers/property.ts'

const brief = (parsed: Parsed): unknown =>
  parsed.kind === 'run'
    ? [parsed.command.name, ...parsed.words.operands]
    : parsed.kind === 'help'
      ? ['help', parsed.command?.name]
      : ['version']

const lines: readonly (readonly [line: string, meaning: readonly unknown[]])[] = [
  ['', ['list']],
  ['--', ['list']],
  ['-- 2M', ['list', '2M']],
  ['--json', ['list']],
  ['set 2M=1', ['resize', '2M=1']],
  ['--dry-run resize 2M=-64', ['resize', '2M=-64']],
  ['-rno SIZE list 2M', ['list', '2M']],
  ['list list', ['list', 'list']],
  ['list help', ['list', 'help']],
  ['help', ['help', undefined]],
  ['help set', ['help', 'resize']],
  ['help --json list', ['help', 'list']],
  ['--json help resize', ['help', 'resize']],
  ['--sysroot / help', ['help', undefined]],
  ['-h', ['help', undefined]],
  ['resize -h', ['help', 'resize']],
  ['resize --version', ['version']],
  ['--version --help', ['help', undefined]],
]

t.test('the command that is meant, and its operands', async (t) => {
  for (const [line, meaning] of lines)
    t.strictSame(brief(await parse(line.split(' ').filter(Boolean))), meaning, line)
})

t.test('commands that are none', async (t) => {
  await t.rejects(() => parse(['rezise']), {
    message: "unknown command 'rezise'",
    hint: 'did you mean resize?',
  })
  await t.rejects(() => parse(['help', 'frobnicate']), {
    message: "unknown command 'frobnicate'",
    hint: /^the commands are list, resize, /,
  })
  await t.rejects(() => parse(['']), { message: "unknown command ''" })
  await t.rejects(() => parse(['help', 'list', '2M']), {
    message: "'2M' is one word too many for help",
  })
})

const commands = await loadAllCommands()

const spellings = commands
  .flatMap(optionsOf)
  .flatMap(({ name, letter }) => [`--${name}`, ...(letter === undefined ? [] : [`-${letter}`])])

/** Characters that parsers, patterns and formats have been seen to stumble over. */
const oddity = fc.constantFrom(...'-=.,%$ \0\n\t\'"\\az0_é日🙂\u0301\ud800')

const piece = fc.oneof(
  fc.constantFrom(...commands.flatMap(({ name, aliases }) => [name, ...aliases]), 'help'),
  fc.constantFrom(...new Set(spellings)),
  fc.constantFrom('--', '-', '---', '--=', '=', '', '2M', '2M=-64', '0-3', 'true', '-1', '--$0'),
  fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype).map((name) => `--${name}`)),
  fc.string({ maxLength: 6 }),
  fc.string({ maxLength: 6 }).map((text) => `-${text}`),
  fc.string({ unit: oddity, maxLength: 6 }).map((text) => `--${text}`),
)

const word = fc.oneof(
  { weight: 4, arbitrary: piece },
  { weight: 1, arbitrary: fc.tuple(piece, piece).map(([one, other]) => `${one}=${other}`) },
  { weight: 1, arbitrary: fc.tuple(piece, piece).map(([one, other]) => one + other) },
)

const isJudged = async (words: readonly string[]): Promise<boolean> => {
  try {
    const parsed = await parse(words)
    if (parsed.kind !== 'run') return true
    const { least, most } = parsed.command.operands
    const { length } = parsed.words.operands
    return length >= least && length <= most
  } catch (error) {
    if (error instanceof HugepoolError) return error.exitCode === 2
    throw error
  }
}

t.test('any words are parsed or are an error of usage; nothing is printed or ended', async (t) => {
  const calls: string[] = []
  const note = (name: string) => () => {
    calls.push(name)
    return true
  }
  const { exitCode } = process
  const intercepted = [
    t.intercept(process, 'exit', { value: note('exit') }),
    t.intercept(process, 'emitWarning', { value: note('emitWarning') }),
    t.intercept(process.stdout, 'write', { value: note('stdout') }),
    t.intercept(process.stderr, 'write', { value: note('stderr') }),
  ]
  // The test says nothing itself before the streams are as they were.
  const found = await fc.check(fc.asyncProperty(fc.array(word, { maxLength: 7 }), isJudged), {
    numRuns: 500,
  })
  for (const results of intercepted) results.restore()
  t.equal(fc.defaultReportMessage(found), undefined)
  t.strictSame(calls, [])
  t.equal(process.exitCode, exitCode)
})
