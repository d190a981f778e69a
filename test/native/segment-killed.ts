import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { addonFile, hugePageSize, segmentsOf } from '../helpers/mapping.ts'
import { withoutLoader } from '../helpers/run.ts'

const skip = process.getuid?.() !== 0 && 'needs root'

/** Attaches and gives back in turn; says a word once it does. */
const attaching = (bytes: number): readonly string[] => [
  ...['env', ...withoutLoader, process.execPath],
  '-e',
  `const { attachSegment } = require(${JSON.stringify(addonFile)})
  const request = { bytes: ${bytes}, pageSize: ${hugePageSize}, noreserve: true }
  const once = async () => {
    try { await (await attachSegment(request)).unmap() }
    catch (error) { if (error.code !== 'ESRCH') { console.log(error); process.exit(3) } }
  }
  const go = async () => { for (;;) await once() }
  fs.writeSync(1, 'ready')
  go()`,
]

const childrenOf = (pid: number): readonly number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    try {
      const text = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      return text.split(' ').filter(Boolean).map(Number)
    } catch {
      return []
    }
  })

const signalTo = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}

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

/** Signals every guardian that is there in a third of a second; how many there were. */
const strike = async (parent: number, signal: NodeJS.Signals): Promise<number> => {
  let struck = 0
  for (let round = 0; round < 300; round += 1) {
    for (const guardian of childrenOf(parent)) {
      signalTo(guardian, signal)
      struck += 1
      // One that has told nothing yet is waited for.
      if (signal === 'SIGSTOP') setTimeout(() => signalTo(guardian, 'SIGCONT'), 20)
    }
    await sleep(1)
  }
  return struck
}

for (const call of ['shmget', 'shmat', 'shmctl'])
  for (const signal of ['SIGKILL', 'SIGSTOP'] as const)
    t.test(`${signal} of the guardian alone leaves no segment: ${call}`, { skip }, async (t) => {
      const bytes = 15 * hugePageSize
      const delay = `inject=${call}:delay_exit=3000`
      const strace = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', delay]
      const [program = '', ...words] = [...strace, ...attaching(bytes)]
      const child = spawn(program, words, { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
      await once(child.stdout, 'data')
      const [parent = 0] = childrenOf(child.pid ?? 0)
      t.ok((await strike(parent, signal)) > 0, 'a guardian was met')
      // Both together can leave one.
      await sleep(200)
      t.equal(child.exitCode, null, 'the addon lives on')
      process.kill(-(child.pid ?? 0), 'SIGKILL')
      await once(child, 'close')
      t.strictSame(await awaitNone(bytes), [])
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
