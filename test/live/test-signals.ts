import { readdirSync, readFileSync } from 'node:fs'
import { testSchema } from '../../src/output/schemas/test-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { atOnce, listByProcess } from './support/at-once.ts'
import { liveOn } from './support/live.ts'
import { countsOf, setPoolAlone, sizeName, smallest } from './support/machine.ts'
import { mountJson, mountPoint, ofSmallest } from './support/mounts.ts'
import { hugepoolLine, type Running, start, until } from './support/program.ts'

const live = liveOn('pools that can be set', 'processes: signals')

const name = sizeName(smallest)

/** A thread may end before it is looked at; its children are then those of another one. */
const childrenOfThread = (path: string): string => {
  try {
    return readFileSync(`${path}/children`, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return ''
    throw error
  }
}

const childrenOf = (pid: number): readonly number[] =>
  readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => childrenOfThread(`/proc/${pid}/task/${task}`).split(' '))
    .filter(Boolean)
    .map(Number)

const untilHeld = ({ errNow }: Running): Promise<void> =>
  until('it holds', () => / holds .* Ctrl-C releases them\n$/.test(errNow()))

live('test: a signal releases what is held', async (t) => {
  setPoolAlone(smallest, 4)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { isAtOnce, words } = await atOnce(listByProcess, async () => {
      const held = start([...hugepoolLine, 'test', `${name}=4`, '--hold', '1h', '--json'])
      await untilHeld(held)
      const sent = performance.now()
      held.child.kill(signal)
      const { signal: died, out } = await held.result
      const took = performance.now() - sent
      t.equal(died, signal)
      t.match(testSchema.parse(parseExact(out)).steps.slice(-2), [
        { what: /until a signal came/ },
        { what: /^all pages and reservations came back$/ },
      ])
      return took
    })
    t.ok(isAtOnce, words)
  }
})

live('test: a stopped process ends with hugepool', async (t) => {
  setPoolAlone(smallest, 4)
  const words = ['--via', 'memfd', '--processes', '3', '--hold', '1h']
  const held = start([...hugepoolLine, 'test', `${name}=4`, ...words])
  await untilHeld(held)
  const all = childrenOf(held.child.pid ?? 0)
  t.equal(all.length, 2)
  for (const pid of all) process.kill(pid, 'SIGSTOP')
  held.child.kill('SIGKILL')
  await held.result
  await until('all pages back', () => countsOf(smallest).free === 4)
})

live('test: a process that is killed during the hold ends it', async (t) => {
  setPoolAlone(smallest, 4)
  const words = ['--via', 'memfd', '--processes', '2', '--hold', '1h']
  const held = start([...hugepoolLine, 'test', `${name}=4`, ...words])
  await untilHeld(held)
  const [pid = 0] = childrenOf(held.child.pid ?? 0)
  process.kill(pid, 'SIGKILL')
  const { status, err } = await held.result
  t.equal(status, 64)
  t.match(err, `process 2 of 2 (${pid}) was ended by SIGKILL while it held its pages`)
  t.strictSame(countsOf(smallest), { total: 4, free: 4, reserved: 0, surplus: 0 })
})

live('test: nothing is left by kill -9', async (t) => {
  setPoolAlone(smallest, 4)
  const target = mountPoint()
  t.equal((await mountJson(target, ...ofSmallest)).status, 0)
  const segments = () => readFileSync('/proc/sysvipc/shm', 'utf8').split('\n').length
  const before = segments()
  for (const way of [
    ['--via', 'memfd', '--processes', '3'],
    ['--via', 'shm'],
    ['--mount', target],
  ]) {
    const held = start([...hugepoolLine, 'test', `${name}=4`, ...way, '--hold', '1h'])
    await until('pages in use', () => countsOf(smallest).free === 0)
    held.child.kill('SIGKILL')
    await held.result
    await until('all pages back', () => countsOf(smallest).free === 4)
    t.strictSame(countsOf(smallest), { total: 4, free: 4, reserved: 0, surplus: 0 }, way.join(' '))
  }
  t.strictSame(readdirSync(target), [])
  t.equal(segments(), before)
})
