import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, ftruncateSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { OwnMapping } from '../../src/kernel/native/native-mapping.ts'
import { addonFile, mapFile, openFile, pageSize, touching } from '../helpers/mapping.ts'

const childrenOf = (pid: number): readonly number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number),
  )

t.test('a child writes to all pages, and changes none', async (t) => {
  const file = openFile(t, 4)
  const mapping = (await mapFile(t, file, 4, { shared: false, forks: true })) as OwnMapping
  await mapping.write(0, 4)
  const { pages, reached, failure, stopped } = await mapping.fork(touching(mapping))
  t.strictSame(
    { pages, reached, failure, stopped },
    { pages: 4, reached: 4, failure: undefined, stopped: false },
  )
  const before = childrenOf(process.pid)
  t.throws(() => mapping.fork(touching(mapping)), { code: 'EBUSY', syscall: 'fork' })
  mapping.endFork()
  t.equal(childrenOf(process.pid).length, before.length - 1, 'it was there until then')
  mapping.endFork()
  t.equal((await mapping.verify(0, 4)).pages, 4)
  const again = await mapping.fork(touching(mapping, { from: 1, to: 3 }))
  t.equal(again.pages, 2, 'and once more')
  mapping.endFork()
})

t.test('a page that cannot be had is told, and the parent lives on', async (t) => {
  const file = openFile(t, 4)
  const mapping = (await mapFile(t, file, 4, { forks: true })) as OwnMapping
  ftruncateSync(file, 2 * pageSize)
  const { pages, failure } = await mapping.fork(touching(mapping))
  t.strictSame({ pages, failure }, { pages: 2, failure: { page: 2, errno: 'SIGBUS' } })
  await mapping.unmap()
  t.throws(() => mapping.fork(touching(mapping)), { code: 'EFAULT' })
})

t.test('a mapping that children do not have has none', async (t) => {
  for (const rest of [{}, { forks: false }]) {
    const mapping = (await mapFile(t, openFile(t, 1), 1, rest)) as OwnMapping
    const before = childrenOf(process.pid)
    t.throws(() => mapping.fork(touching(mapping)), { code: 'EINVAL', syscall: 'fork' })
    t.strictSame(childrenOf(process.pid), before)
  }
})

const lives = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\sZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))

const parent = `const addon = require(${JSON.stringify(addonFile)})
  const zero = fs.openSync('/dev/zero', 'r+')
  addon.map({ bytes: 131072, pageSize: 65536, descriptor: zero, shared: false, populate: false, noreserve: false, forks: true })
    .then(async (mapping) => {
      await mapping.fork({ from: 0, to: 2, threads: 1, way: 'store', stuckSeconds: 9 })
      fs.writeSync(1, 'ready')
      setInterval(() => mapping.pages, 1000)
    })`

t.test('the child of a process that is killed ends with it', async (t) => {
  const child = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  const [forked = 0] = childrenOf(child.pid ?? 0)
  t.ok(lives(forked), 'it is there')
  process.kill(forked, 'SIGSTOP')
  child.kill('SIGKILL')
  await once(child, 'close')
  for (let tries = 0; lives(forked) && tries < 100; tries += 1) await sleep(20)
  t.notOk(lives(forked), 'even where it was stopped')
})
