import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { temporary } from './run.ts'

const top = join(import.meta.dirname, '../..')
const program = join(top, 'node_modules/.bin/biome')

/** Lines about which a rule of test/style complains, from 1 on. */
export const complaints = (t: Test, rule: string, lines: readonly string[]): readonly number[] => {
  const directory = temporary(t)
  const plugins = [join(top, 'test/style', rule)]
  const settings = { root: true, plugins, linter: { rules: { preset: 'none' } } }
  writeFileSync(join(directory, 'biome.json'), JSON.stringify(settings))
  writeFileSync(join(directory, 'a.ts'), `${lines.join('\n')}\n`)
  const words = ['lint', '--reporter=github', `--config-path=${directory}`, directory]
  const { stdout } = spawnSync(program, words, { encoding: 'utf8', cwd: directory })
  return [...stdout.matchAll(/,line=(\d+),/g)].map(([, line]) => Number(line))
}
