import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { installed, installedApart, spawnProgram, temporary } from '../helpers/run.ts'

const without = installed('native/build/Release/hugepool.node')

const scratch = temporary(t)
writeFileSync(join(scratch, 'a'), 'a')

const hint =
  "hint: 'npm rebuild -g --foreground-scripts hugepool' builds it, with python3, make and g++; in a clone of the sources 'npm run build' does\n"

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

t.test('an addon that was compiled comes first, and a prebuilt one after it', async (t) => {
  const program = installedApart(t)
  const native = join(dirname(program), '../native')
  const compiled = join(native, 'build/Release/hugepool.node')
  const prebuilt = join(native, `prebuilds/linux-${process.arch}/hugepool.node`)
  const says = () => spawnProgram(program, ['test', 'default=1', '--json']).stdout
  const missing = /"reason":"no-addon"/
  mkdirSync(dirname(prebuilt), { recursive: true })
  writeFileSync(prebuilt, 'damaged')
  t.notMatch(says(), missing, 'the prebuilt one is not looked at')
  renameSync(compiled, prebuilt)
  t.notMatch(says(), missing, 'the prebuilt one is found')
  writeFileSync(compiled, 'damaged')
  t.notMatch(says(), missing, 'one that does not load is passed over')
  copyFileSync(compiled, prebuilt)
  t.match(says(), missing, 'neither loads')
})
