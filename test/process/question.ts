import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { node } from '../helpers/run.ts'

const top = join(import.meta.dirname, '../..')

/** Asks at a terminal of its own, whose process gets SIGUSR1 until it heard of it, before the answer is typed. */
const asking = `
import os, pty, signal, sys, time
pid, terminal = pty.fork()
if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
said = b''
def until(text):
    global said
    while text not in said: said += os.read(terminal, 1000)
until(b'sure? ')
def threads(): return len(os.listdir('/proc/%d/task' % pid))
before = threads()
# Node has one more for debuggers once it has heard of one that came during the wait.
while threads() == before:
    os.kill(pid, signal.SIGUSR1)
    time.sleep(0.05)
os.write(terminal, b'yes\\n')
until(b'answer')
print(said[said.index(b'answer'):].decode().strip())
os.waitpid(pid, 0)
`

const program = `import { processStreams } from '${top}/src/output/streams.ts'
console.log('answer', JSON.stringify(processStreams().ask('sure? ')))`

t.test('a signal that interrupts the wait for an answer is none', async (t) => {
  const words = ['--inspect-port=0', '--import=./test/load/typescript.js', '--input-type=module']
  // From nothing: tap would put its own loader into the environment.
  const fromNothing = ['-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'python3', '-c', asking]
  const line = [...fromNothing, node, ...words, '-e', program]
  const { stdout, stderr } = spawnSync('/usr/bin/env', line, { cwd: top, encoding: 'utf8' })
  t.strictSame({ stdout, stderr }, { stdout: 'answer "yes\\n"\n', stderr: '' })
})
