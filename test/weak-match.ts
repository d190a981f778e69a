import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { temporary } from './helpers/run.ts'

const top = join(import.meta.dirname, '..')
const program = join(top, 'node_modules/.bin/biome')
const rule = join(top, 'test/style/weak-match.grit')

/** Lines about which the rule complains, from 1 on. */
const complaints = (lines: readonly string[]): readonly number[] => {
  const directory = temporary(t)
  const settings = { root: true, plugins: [rule], linter: { rules: { preset: 'none' } } }
  writeFileSync(join(directory, 'biome.json'), JSON.stringify(settings))
  writeFileSync(join(directory, 'a.ts'), `${lines.join('\n')}\n`)
  const words = ['lint', '--reporter=github', `--config-path=${directory}`, directory]
  const { stdout } = spawnSync(program, words, { encoding: 'utf8', cwd: directory })
  return [...stdout.matchAll(/,line=(\d+),/g)].map(([, line]) => Number(line))
}

t.test('comparisons that cannot fail are found', async (t) => {
  const weak = [
    't.match(a, { b: [] })',
    "t.match(a, { b: [{ c: [] }] }, 'words')",
    't.match(a, [])',
    "t.match(a, { b: 'done' })",
    "t.match(a, [{ b: { c: 'done' } }], 'words')",
  ]
  t.strictSame(complaints(weak), [1, 2, 3, 4, 5])
})

t.test('others are left alone', async (t) => {
  const sound = [
    't.match(a, /done/)',
    "t.match(a, 'part of a text')",
    't.match(f([]), { b: /done/, c: 3n }, `words`)',
    "t.hasStrict(a, { b: 'done' })",
    't.strictSame(a, [])',
  ]
  t.strictSame(complaints(sound), [])
})
