import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { temporary } from '../helpers/run.ts'

const script = join(import.meta.dirname, '../../native/prebuild.sh')

/** Where only what the script itself needs is on PATH, and no compiler. */
const says = (...words: readonly string[]) => {
  const programs = temporary(t)
  symlinkSync(process.execPath, join(programs, 'node'))
  for (const name of ['dirname', 'sh', 'tr', 'uname'])
    symlinkSync(`/usr/bin/${name}`, join(programs, name))
  const { status, stdout, stderr } = spawnSync('sh', [script, ...words], {
    encoding: 'utf8',
    env: { PATH: programs, HOME: process.env.HOME },
  })
  return { status, stdout, stderr }
}

const missing = (packages: string) => ({
  status: 1,
  stdout: '',
  stderr: `prebuild: compilers are missing: apt-get install ${packages}\n`,
})

t.test('it says which packages of Debian have the compilers that are missing', async (t) => {
  t.strictSame(says(process.arch), missing('g++'), 'for this processor')
  t.strictSame(says('s390x', 'ppc64'), missing('g++-s390x-linux-gnu g++-powerpc64le-linux-gnu'))
})

t.test('a processor that it does not know is refused', async (t) => {
  t.strictSame(says('mips'), {
    status: 1,
    stdout: '',
    stderr:
      'prebuild: no processor is called mips here, but x64, arm64, ppc64 (little-endian) and s390x are\n',
  })
})
