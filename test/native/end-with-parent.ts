import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { addonFile } from '../helpers/mapping.ts'

const stopped = `require(${JSON.stringify(addonFile)}).endWithParent()
  fs.writeSync(1, 'ready')
  process.kill(process.pid, 'SIGSTOP')`

const parent = `const child = child_process.spawn(process.execPath, ['-e', ${JSON.stringify(stopped)}])
  child.stdout.once('data', () => fs.writeSync(1, String(child.pid)))
  setInterval(() => {}, 1000)`

/** A zombie has ended: whoever inherits it may take its time. */
const lives = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\sZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))

t.test('a process that is stopped ends with the one that started it', async (t) => {
  const child = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [pid = 0] = (await once(child.stdout, 'data')).map(Number)
  t.ok(lives(pid), 'it is there')
  child.kill('SIGKILL')
  await once(child, 'close')
  for (let tries = 0; lives(pid) && tries < 100; tries += 1) await sleep(20)
  t.notOk(lives(pid))
})
