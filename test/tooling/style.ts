import { spawnSync } from 'node:child_process'
import t from 'tap'
import { withoutLoader } from '../helpers/run.ts'

/** Compiling takes its time where processors are busy. */
t.setTimeout(300_000)

t.test('lint, types and format', async (t) => {
  const line = [...withoutLoader, 'npm', 'run', '--silent', 'style']
  const { status, stdout, stderr } = spawnSync('env', line, { encoding: 'utf8' })
  t.equal(status, 0, stdout + stderr)
})
