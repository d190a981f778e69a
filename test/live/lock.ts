import { errorSchema } from '../../src/output/schemas/parts.ts'
import { parseExact } from '../helpers/json.ts'
import { atOnce, listByProcess, listHere } from './support/at-once.ts'
import { liveOn, snapshot } from './support/live.ts'
import { holdLock, isRunning, lockPath, untilLocked, waitingWords } from './support/lock.ts'
import { persistentOf, poolPath, setPool, sizeName, smallest } from './support/machine.ts'
import { hugepool, hugepoolLine, start, until } from './support/program.ts'
import { killTraced, startSlowly } from './support/trace.ts'

const live = liveOn('pools that can be set', 'time for what the kernel alone decides')
const starting = liveOn('pools that can be set', 'processes: locks')

const name = sizeName(smallest)

live('with --no-wait a held lock is a failure at once', async (t) => {
  setPool(smallest, 3)
  const holder = await holdLock()
  const before = snapshot()
  const { isAtOnce, words } = await atOnce(listHere, async () => {
    const started = performance.now()
    const { status, err } = await hugepool('resize', `${name}=4`, '--no-wait')
    t.equal(status, 1)
    t.match(err, `another hugepool holds the lock ${lockPath}`)
    t.notMatch(err, 'waiting')
    return performance.now() - started
  })
  t.ok(isAtOnce, `without waiting for it: ${words}`)
  t.ok(isRunning(holder), 'which is held still')
  t.strictSame(snapshot(), before, 'nothing was done')
  const same = await hugepool('resize', `${name}=3`, '--no-wait')
  t.equal(same.status, 1, 'whether there is anything to do may be changing just now')
  t.equal((await hugepool('resize', `${name}=9`, '--dry-run')).status, 0, 'nor does a dry run')
})

starting('without it a held lock is waited for, with a message after a second', async (t) => {
  setPool(smallest, 3)
  const holder = await holdLock()
  const writer = start([...hugepoolLine, 'resize', `${name}=+1`])
  await until('the message', () => writer.errTimes.length > 0)
  t.equal(persistentOf(smallest), 3, 'nothing is done before')
  holder.child.kill('SIGKILL')
  const { status, err } = await writer.result
  t.equal(status, 0, 'is done once the lock is free')
  t.equal(err, waitingWords)
  t.ok((writer.errTimes[0] ?? 0) >= 1000, 'the message takes a second')
  t.equal(persistentOf(smallest), 4)
})

starting('the lock of a hugepool that was killed is free', async (t) => {
  setPool(smallest, 3)
  const slow = startSlowly(poolPath(smallest, 'nr_hugepages'), 60_000, ['resize', `${name}=5`])
  await untilLocked(slow)
  t.equal((await hugepool('resize', `${name}=4`, '--no-wait')).status, 1, 'nobody else gets it')
  t.equal((await killTraced(slow)).signal, 'SIGKILL')
  t.equal(persistentOf(smallest), 3, 'it was killed before it wrote')
  const { status, err } = await hugepool('resize', `${name}=6`, '--no-wait')
  t.strictSame({ status, err }, { status: 0, err: '' }, 'then it is free')
  t.equal(persistentOf(smallest), 6)
})

starting('Ctrl-C while waiting for the lock ends it at once', async (t) => {
  setPool(smallest, 3)
  const holder = await holdLock()
  const { isAtOnce, words } = await atOnce(listByProcess, async () => {
    const writer = start([...hugepoolLine, 'resize', `${name}=4`])
    await until('the message', () => writer.errNow() === waitingWords)
    const sent = performance.now()
    writer.child.kill('SIGINT')
    t.equal((await writer.result).signal, 'SIGINT')
    return performance.now() - sent
  })
  t.ok(isRunning(holder), 'the lock is held still')
  t.ok(isAtOnce, words)
  t.equal(persistentOf(smallest), 3)
})

starting('a signal while waiting for the lock is a document too, of every command', async (t) => {
  setPool(smallest, 3)
  const holder = await holdLock()
  const before = snapshot()
  const directory = t.testdir()
  const lines = [
    ['resize', `${name}=4`],
    ['resize', `${name}=4`, '--all-or-nothing'],
    ['overcommit', `${name}=4`],
    ['demote', `${name}=1`],
    ['mount', directory],
    ['umount', directory],
  ]
  const writers = lines.map((words) => start([...hugepoolLine, ...words, '--json']))
  for (const [index, writer] of writers.entries()) {
    const line = `${lines[index]?.join(' ')}`
    await until('the message', () => writer.errNow() === waitingWords)
    writer.child.kill('SIGTERM')
    const { signal, out } = await writer.result
    t.equal(signal, 'SIGTERM', line)
    const { error } = errorSchema.parse(parseExact(out))
    const { code, reason } = error
    t.strictSame([code, reason, error.signal], ['E_KERNEL', 'stopped', 'SIGTERM'], line)
  }
  t.ok(isRunning(holder), 'the lock is held still')
  t.strictSame(snapshot(), before, 'nothing was done')
})

live('another spelling of / is the running kernel too, and takes the lock', async (t) => {
  setPool(smallest, 3)
  await holdLock()
  for (const root of ['//', '/.', '/proc/self/root']) {
    const { status } = await hugepool('resize', `${name}=+1`, '--no-wait', '--sysroot', root)
    t.equal(status, 1, root)
  }
  t.equal(persistentOf(smallest), 3)
})
