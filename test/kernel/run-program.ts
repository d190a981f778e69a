import t from 'tap'
import { runProgram } from '../../src/kernel/run-program.ts'

t.test('the answer of a program', async (t) => {
  t.strictSame(await runProgram(['sh', '-c', 'echo out; echo bad >&2; exit 3']), {
    status: 3,
    stdout: 'out\n',
    stderr: 'bad\n',
  })
  t.strictSame(await runProgram(['cat']), { status: 0, stdout: '', stderr: '' }, 'no input')
  t.strictSame(await runProgram(['sh', '-c', 'echo $LC_ALL $HOME $USER']), {
    status: 0,
    stdout: 'C\n',
    stderr: '',
  })
})

t.test('what cannot be run has no status', async (t) => {
  t.strictSame(await runProgram(['hugepool-no-such-program']), {
    status: undefined,
    stdout: '',
    stderr: 'Error: spawnSync hugepool-no-such-program ENOENT',
  })
  t.hasStrict(await runProgram(['sh', '-c', 'kill -9 $$']), { status: undefined })
})
