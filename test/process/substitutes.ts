import t from 'tap'
import { commands } from '../../src/cli/commands.ts'
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

t.test('the program says what its sources say with the modules of the packages', async (t) => {
  const program = installed(t)
  for (const words of lines) {
    const { status, stdout, stderr } = spawnProgram(program, words)
    const expected = await run(words, { tree: 'two-nodes' })
    t.strictSame({ status, stdout, stderr }, expected, words.join(' '))
  }
})
