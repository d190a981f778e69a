import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { node } from '../helpers/run.ts'

const top = join(import.meta.dirname, '../..')

/** Asks at a terminal of its own, whose process gets SIGUSR1 before the answer is typed. */
const asking = `
import os, pty, signal, sys, time
pid, terminal = pty.fork()
if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
said = b''
def until(text):
    global said
    while text not in said: said += os.read(terminal, 1000)
until(b'sure? ')
time.sleep(0.1)
os.kill(pid, signal.SIGUSR1)
until(b'Debugger listening')
os.write(terminal, b'yes\\n')
until(b'answer')
print(said[said.index(b'answer'):].decode().strip())
os.waitpid(pid, 0)
`

const program = `import { processStreams } from '${top}/src/output/streams.ts'
console.log('answer', JSON.stringify(processStreams().ask('sure? ')))`

t.test('a signal that interrupts the wait for an answer is none', async (t) => {
  const words = ['--inspect-port=0', '--import=./test/load/typescript.js', '--input-type=module']
  const line = ['-c', asking, node, ...words, '-e', program]
  const { stdout, stderr } = spawnSync('python3', line, {
    cwd: top,
    encoding: 'utf8',
    timeout: 60_000,
  })
  t.strictSame({ stdout, stderr }, { stdout: 'answer "yes\\n"\n', stderr: '' })
})
