import t from 'tap'
import { commands } from '../../src/cli/commands.ts'
import { bundledProgram } from '../helpers/bundled-program.ts'
import { caught } from '../helpers/caught.ts'
import { installed, run, spawnProgram, treePath } from '../helpers/run.ts'

/** The build gives packages other modules than they import (bin/build/substitutes.mjs). */
const lines: readonly (readonly string[])[] = [
  ['--help'],
  ...commands.map(({ name }) => [name, '--help']),
  ['list', '--per-node', '--sysroot', treePath('two-nodes')],
  ['mounts', '--sysroot', treePath('two-nodes')],
  ['list', '--bogus'],
  ['rezise'],
  ['completion', 'bash', 'zsh'],
  ['list', '--color=blue'],
]

/** What a pipe has around it, as a process that starts from nothing. */
const streams = { outIsTerminal: false, errIsTerminal: false, environment: {} }

t.test('the program says what its sources say with the modules of the packages', async (t) => {
  const { main } = bundledProgram()
  for (const words of lines)
    t.strictSame(
      await caught(words, streams, {}, undefined, main),
      await run(words, { tree: 'two-nodes' }),
      words.join(' '),
    )
})

t.test('so it does as a process', async (t) => {
  const words = ['list', '--per-node', '--sysroot', treePath('two-nodes')]
  const { status, stdout, stderr } = spawnProgram(installed(), words)
  t.strictSame({ status, stdout, stderr }, await run(words, { tree: 'two-nodes' }))
})
