import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runProgram, runProgramOf } from '../../src/kernel/run-program.ts'
import { temporary } from '../helpers/run.ts'

t.test('the answer of a program', async (t) => {
  t.strictSame(await runProgram(['sh', '-c', 'echo out; echo bad >&2; exit 3']), {
    status: 3,
    stdout: 'out\n',
    stderr: 'bad\n',
  })
  t.strictSame(await runProgram(['cat']), { status: 0, stdout: '', stderr: '' }, 'no input')
})

t.test('nothing of this process reaches a program but its words', async (t) => {
  process.env.HUGEPOOL_TEST = 'seen'
  const umask = process.umask(0o777)
  t.teardown(() => {
    delete process.env.HUGEPOOL_TEST
    process.umask(umask)
  })
  // Not all variables: tap(1) puts its own into the environment of every program.
  const told = 'echo "$PATH $LC_ALL <$HUGEPOOL_TEST> <$HOME> <$npm_command>"'
  t.strictSame(await runProgram(['sh', '-c', told]), {
    status: 0,
    stdout: '/usr/sbin:/usr/bin:/sbin:/bin C <> <> <>\n',
    stderr: '',
  })
  t.hasStrict(await runProgram(['sh', '-c', 'umask; pwd; echo "$0"']), {
    stdout: '0022\n/\nsh\n',
  })
  t.equal(process.umask(0o777), 0o777, 'the umask is put back')
})

t.test('a program is found in the directories and by its absolute path alone', async (t) => {
  const [first, second] = [temporary(t), temporary(t)]
  const script = (directory: string, name: string, mode: number) =>
    writeFileSync(join(directory, name), '#!/bin/sh\necho "$0"\n', { mode })
  script(first, 'both', 0o755)
  script(second, 'both', 0o755)
  script(first, 'no-program', 0o644)
  script(second, 'no-program', 0o755)
  const run = runProgramOf([first, second])
  t.hasStrict(await run(['both']), { status: 0, stdout: `${join(first, 'both')}\n` })
  t.hasStrict(await run(['no-program']), { status: 0, stdout: `${join(second, 'no-program')}\n` })
  const path = process.env.PATH
  process.env.PATH = first
  t.teardown(() => {
    process.env.PATH = path
  })
  t.hasStrict(await runProgram(['both']), { status: undefined }, 'PATH is not asked')
})

t.test('a current directory that is gone is not that of a program', async (t) => {
  const before = process.cwd()
  const gone = join(temporary(t), 'gone')
  mkdirSync(gone)
  process.chdir(gone)
  t.teardown(() => process.chdir(before))
  rmdirSync(gone)
  t.hasStrict(await runProgram(['pwd']), { status: 0, stdout: '/\n', stderr: '' })
})

t.test('what cannot be run has no status', async (t) => {
  t.strictSame(await runProgram(['hugepool-no-such-program']), {
    status: undefined,
    stdout: '',
    stderr: 'hugepool-no-such-program is not in /usr/sbin:/usr/bin:/sbin:/bin',
  })
  const directory = temporary(t)
  writeFileSync(join(directory, 'bad'), '#!/nowhere\n', { mode: 0o755 })
  t.strictSame(await runProgramOf([directory])(['bad']), {
    status: undefined,
    stdout: '',
    stderr: `Error: spawnSync ${join(directory, 'bad')} ENOENT`,
  })
  t.hasStrict(await runProgram(['sh', '-c', 'kill -9 $$']), { status: undefined })
})

t.test('a program that takes too long is ended', async (t) => {
  t.hasStrict(await runProgram(['sleep', '60'], 20), { status: undefined, stdout: '' })
})
