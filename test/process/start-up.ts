import { readFileSync } from 'node:fs'
import t from 'tap'
import { calls, installed, run, spawnProgram, traced, treePath } from '../helpers/run.ts'

const program = installed()
const sysroot = ['--sysroot', treePath('two-nodes')]

/** The files of the program that a command line opens, and what is in them. */
const loaded = (...words: readonly string[]) => {
  const names = calls(traced(t, program, words), /^openat?\(.*\/dist\/.*= \d+$/).map(
    (call) => /"([^"]+)"/.exec(call)?.[1] ?? '',
  )
  return { names, text: [...new Set(names)].map((name) => readFileSync(name, 'utf8')).join('\n') }
}

const zod = /ZodError|_zod/
/** Words of chalk alone: yargs has the same tables of escape sequences. */
const chalk = /option should be an integer from 0 to 3/
const addon = /hugepool\.node/

t.test('list loads neither zod nor chalk, whatever its format', async (t) => {
  for (const words of [['list'], ['list', '--json'], ['list', '-N'], ['resize', '1G=1']]) {
    const { names, text } = loaded(...words, ...sysroot)
    t.ok(
      names.some((name) => name.endsWith('/hugepool.js')),
      'the trace is one',
    )
    // Not by t.notMatch, which compares both as texts, line by line, whatever the answer is.
    t.notOk(zod.test(text), words.join(' '))
    t.notOk(chalk.test(text), words.join(' '))
  }
})

t.test('colour loads chalk, so it would be noticed', async (t) => {
  t.ok(chalk.test(loaded('list', '--color=always', ...sysroot).text))
})

t.test('what draws bars is loaded where a bar is drawn, and nowhere else', async (t) => {
  const draws = (...words: readonly string[]) =>
    loaded(...words, ...sysroot).names.some((name) => name.includes('/draw-bars-'))
  for (const words of [['list'], ['list', '-N'], ['list', '--json'], ['mounts']])
    t.notOk(draws(...words), words.join(' '))
  t.ok(draws('list', '-o', '+USE'), 'so it would be noticed')
})

t.test('help and completion are not loaded until they are asked for', async (t) => {
  const { names } = loaded('list', ...sysroot)
  t.notOk(
    names.some((name) => /\/(help|completion-text)-/.test(name)),
    names.join(' '),
  )
  t.ok(loaded('--help').names.some((name) => /\/help-/.test(name)))
})

t.test('list does not load the addon, and works where it is missing', async (t) => {
  t.strictSame(calls(traced(t, program, ['list', ...sysroot]), addon), [])
  const without = installed('native/build/Release/hugepool.node')
  for (const words of [['list'], ['list', '-N', '-J'], ['resize', '2M=5', '--dry-run']]) {
    const { status, stdout, stderr } = spawnProgram(without, [...words, ...sysroot])
    t.strictSame(
      { status, stdout, stderr },
      await run(words, { tree: 'two-nodes' }),
      words.join(' '),
    )
    t.equal(status, 0)
  }
})
