import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { installed, spawnProgram, temporary } from '../helpers/run.ts'

const without = installed('native/build/Release/hugepool.node')

const scratch = temporary(t)
writeFileSync(join(scratch, 'a'), 'a')

const hint =
  "hint: 'npm rebuild -g hugepool' builds it for this Node; in a clone of the sources 'npm run build' does\n"

t.test('what needs the addon ends with 4 and says how it is built', async (t) => {
  for (const words of [
    ['test', 'default=1'],
    ['test', 'default=1', '--via', 'memfd'],
    ['mount', join(scratch, 'new'), '--mkdir'],
    ['cp', join(scratch, 'a'), join(scratch, 'b')],
    ['files', '--clean', '--yes'],
    ['files', '--segments', '--clean', '--yes'],
  ]) {
    const { status, stderr } = spawnProgram(without, words)
    t.equal(status, 4, words.join(' '))
    t.ok(stderr.endsWith(`hugepool: the native addon cannot be loaded\n${hint}`), stderr)
  }
  const { status, stdout } = spawnProgram(without, ['test', 'default=1', '--json'])
  t.equal(status, 4)
  t.match(stdout, '"code":"E_UNSUPPORTED","reason":"no-addon"')
})

t.test('what sets pools goes on without the lock', async (t) => {
  const { status, stderr } = spawnProgram(without, ['resize', 'default=+0'])
  t.equal(status, 0, stderr)
})

t.test('what only looks works as ever, and so does a dry run', async (t) => {
  for (const words of [
    ['list', '--per-node'],
    ['mounts'],
    ['who'],
    ['files'],
    ['resize', 'default=+1', '--dry-run'],
    ['mount', join(scratch, 'new'), '--mkdir', '--dry-run'],
  ]) {
    const { status, stderr } = spawnProgram(without, words)
    t.equal(status, 0, `${words.join(' ')}: ${stderr}`)
    t.notMatch(stderr, /addon/)
  }
})
