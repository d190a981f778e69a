import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { addonFile, hugePageSize, segmentsOf } from '../helpers/mapping.ts'

const skip = process.getuid?.() !== 0 && 'needs root'

/** Attaches and gives back in turn; says a word once it does. */
const attaching = (bytes: number): readonly string[] => [
  process.execPath,
  '-e',
  `const { attachSegment } = require(${JSON.stringify(addonFile)})
  const request = { bytes: ${bytes}, pageSize: ${hugePageSize}, noreserve: true }
  const go = async () => { for (;;) await (await attachSegment(request)).unmap() }
  fs.writeSync(1, 'ready')
  go()`,
]

/** Until all guardians have seen the end of their parent. */
const awaitNone = async (bytes: number): Promise<readonly string[]> => {
  for (let tries = 0; segmentsOf(bytes).length > 0 && tries < 100; tries += 1) await sleep(20)
  return segmentsOf(bytes)
}

/** Kills a process group so many milliseconds after its first word. */
const killAfter = async (milliseconds: number, line: readonly string[]): Promise<void> => {
  const [program = '', ...words] = line
  const child = spawn(program, words, { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  await once(child.stdout, 'data')
  await sleep(milliseconds)
  process.kill(-(child.pid ?? 0), 'SIGKILL')
  await once(child, 'close')
}

t.test('kill -9 of the process group leaves no segment, whenever it comes', { skip }, async (t) => {
  const bytes = 13 * hugePageSize
  for (let round = 0; round < 20; round += 1) {
    await killAfter(Math.random() * 20, attaching(bytes))
    t.strictSame(await awaitNone(bytes), [])
  }
})

t.test('nor does it at each step, drawn out', { skip }, async (t) => {
  const bytes = 17 * hugePageSize
  for (const call of ['shmget', 'shmat', 'shmctl', 'wait4', 'fork,clone'])
    for (const when of ['enter', 'exit']) {
      const delay = `inject=${call}:delay_${when}=100000`
      const strace = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', delay]
      await killAfter(20 + Math.random() * 150, [...strace, ...attaching(bytes)])
      t.strictSame(await awaitNone(bytes), [], `${call}, ${when}`)
    }
})
