import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findCommand, loadCommand } from '../../src/cli/commands.ts'
import { commandHelp } from '../../src/cli/help.ts'
import { parse } from '../../src/cli/parse.ts'
import { quietYargs } from '../../src/cli/quiet-yargs.ts'

const named = findCommand('resize')
if (named === undefined) throw new Error('there is no resize')
const resizeCommand = await loadCommand(named)

/** Sets variables of the environment until the test ends. */
const withVariables = (t: Test, variables: Readonly<Record<string, string>>): void => {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, variables)
  t.teardown(() => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
  })
}

const wrongMessage = async (): Promise<string> => {
  try {
    await parse(['list', '--bogus'])
    return 'nothing'
  } catch (error) {
    return String(error)
  }
}

t.test('nothing is guessed of words', async (t) => {
  const read = quietYargs().parseSync(['1', '--no-x', '--a.b', '--a-b', '2', '--', '--c'])
  t.strictSame({ ...read }, { _: ['1', '--c'], $0: '', 'no-x': true, 'a.b': true, 'a-b': '2' })
})

t.test('neither help nor version is its own', async (t) => {
  const read = quietYargs().parseSync(['help', '--help', '--version'])
  t.strictSame({ ...read }, { _: ['help'], $0: '', help: true, version: true })
})

t.test('it speaks one language, and help has one width', async (t) => {
  const help = commandHelp(resizeCommand)
  withVariables(t, { LC_ALL: 'de_DE.UTF-8', LANG: 'fr_FR.UTF-8', COLUMNS: '30' })
  withVariables(t, { YARGS_DISABLE_WRAP: '1', _: process.execPath })
  t.match(await wrongMessage(), 'unknown option --bogus')
  t.match(help, /^Usage: hugepool resize [\s\S]*\nOptions:\n/)
  t.equal(commandHelp(resizeCommand).split('\n')[0], help.split('\n')[0])
})

t.test('it works where the working directory is gone', async (t) => {
  const before = process.cwd()
  t.teardown(() => process.chdir(before))
  const gone = mkdtempSync(join(tmpdir(), 'hugepool-test-'))
  process.chdir(gone)
  rmdirSync(gone)
  t.throws(() => process.cwd(), { code: 'ENOENT' })
  t.equal((await parse(['list', '2M'])).kind, 'run')
  t.match(await wrongMessage(), 'unknown option --bogus')
  t.match(commandHelp(resizeCommand), 'Usage: hugepool resize')
})
