import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { refused, type StopSignal, unsupported } from '../../src/errors.ts'
import { openLocks } from '../../src/kernel/lock.ts'
import type { Tree } from '../../src/kernel/tree.ts'
import type { Ports } from '../../src/operations/ports.ts'
import { withLock } from '../../src/operations/with-lock.ts'
import { native } from '../helpers/mapping.ts'

const never = (): never => {
  throw new Error('no such call is expected')
}

const treeWith = (tree: Partial<Tree>): Tree => ({
  root: '/',
  read: never,
  write: never,
  list: () => ['hugepages-2048kB'],
  checkWritable: () => {},
  ...tree,
})

/** Ports with a clock that only pauses move, and what was said and waited for. */
const portsWith = (tree: Partial<Tree> = {}, load: Ports['native'] = () => native) => {
  const notes: string[] = []
  let signal: StopSignal | undefined
  let now = 0
  let pauses = 0
  let paused = () => {}
  const ports: Ports = {
    tree: treeWith(tree),
    native: load,
    mapper: never,
    clock: () => now,
    now: () => now,
    pause: async (milliseconds) => {
      now += milliseconds
      pauses += 1
      paused()
    },
    watchSignals: () => ({ pending: () => signal }),
    note: (text) => notes.push(`${now}: ${text}`),
    reason: (text) => notes.push(`${now}: ${text}`),
    progress: never,
  }
  const afterPauses = (count: number, act: () => void) => {
    paused = () => {
      if (pauses === count) act()
    }
  }
  const stop = (by: StopSignal) => {
    signal = by
  }
  return { ports, notes, afterPauses, stop, pauses: () => pauses }
}

/** Two files that can be locked, by their paths and as `withLock` takes them. */
const twoFiles = (t: Test) => {
  const directory = t.testdir({ first: '', second: '' })
  const paths = [join(directory, 'first'), join(directory, 'second')] as const
  for (const path of paths) chmodSync(path, 0o600)
  return { paths, files: paths.map((path) => ({ path, isMade: false })) }
}

/** Has somebody else hold a lock; gives what lets go of it. */
const hold = (path: string): (() => void) => {
  const [lock] = openLocks(native, [{ path, isMade: false }]).locks
  if (lock?.tryAcquire() !== true) throw new Error(`${path} is not to be had`)
  return lock.release
}

const isFree = (path: string): boolean => {
  const [lock] = openLocks(native, [{ path, isMade: false }]).locks
  const free = lock?.tryAcquire() ?? false
  lock?.release()
  return free
}

t.test('all locks are held during the change and free after it', async (t) => {
  const { paths, files } = twoFiles(t)
  const { ports, notes } = portsWith()
  const during = async () => paths.map(isFree)
  t.strictSame(await withLock(ports, true, during, files), [false, false])
  t.strictSame(paths.map(isFree), [true, true])
  t.strictSame(notes, [])
})

t.test('they are free after a change that failed', async (t) => {
  const { paths, files } = twoFiles(t)
  const failure = refused('margin', 'it failed')
  const change = async () => {
    t.strictSame(paths.map(isFree), [false, false])
    throw failure
  }
  await t.rejects(withLock(portsWith().ports, true, change, files), failure)
  t.strictSame(paths.map(isFree), [true, true])
})

t.test('one that is held is waited for, and named after a second', async (t) => {
  const { paths, files } = twoFiles(t)
  for (const path of paths) {
    const { ports, notes, afterPauses, pauses } = portsWith()
    afterPauses(100, hold(path))
    let runs = 0
    await withLock(ports, true, async () => (runs += 1), files)
    t.strictSame([runs, pauses()], [1, 100], 'once it is free')
    t.strictSame(notes, [`1020: waiting for another hugepool to finish (it holds ${path})`])
  }
})

t.test('a wait of a second needs no words', async (t) => {
  const { paths, files } = twoFiles(t)
  const { ports, notes, afterPauses } = portsWith()
  afterPauses(50, hold(paths[0]))
  t.equal(await withLock(ports, true, async () => 'done', files), 'done')
  t.strictSame(notes, [])
})

t.test('waiting for both is said once', async (t) => {
  const { paths, files } = twoFiles(t)
  const { ports, notes, afterPauses } = portsWith()
  const [first, second] = paths.map(hold)
  afterPauses(60, () => {
    first?.()
    afterPauses(130, () => second?.())
  })
  await withLock(ports, true, async () => {}, files)
  t.strictSame(notes, [`1020: waiting for another hugepool to finish (it holds ${paths[0]})`])
})

t.test('without waiting one that is held is a failure, and the other is let go', async (t) => {
  const { paths, files } = twoFiles(t)
  for (const path of paths) {
    const letGo = hold(path)
    const { ports, pauses } = portsWith()
    await t.rejects(withLock(ports, false, never, files), {
      code: 'E_REFUSED',
      message: `another hugepool holds the lock ${path}`,
      hint: 'run it again later, or without --no-wait',
    })
    letGo()
    t.equal(pauses(), 0)
    t.strictSame(paths.map(isFree), [true, true])
  }
})

t.test(
  'a signal ends the wait with an error that says so, and lets the other lock go',
  async (t) => {
    const { paths, files } = twoFiles(t)
    for (const [index, path] of paths.entries()) {
      const letGo = hold(path)
      const signal = index === 0 ? 'SIGINT' : 'SIGTERM'
      const { ports, afterPauses, stop, pauses } = portsWith()
      afterPauses(3, () => stop(signal))
      await t.rejects(withLock(ports, true, never, files), {
        code: 'E_KERNEL',
        reason: 'stopped',
        signal,
        message: `stopped by ${signal} while waiting for another hugepool, which holds the lock ${path}; nothing was changed`,
      })
      t.equal(pauses(), 3)
      letGo()
      t.strictSame(paths.map(isFree), [true, true])
    }
  },
)

t.test('of what cannot be opened nothing is said where another lock is had', async (t) => {
  const { paths, files } = twoFiles(t)
  const { ports, notes } = portsWith()
  const missing = { path: `${paths[0]}/missing`, isMade: false }
  const during = async () => isFree(paths[1])
  t.equal(await withLock(ports, true, during, [missing, ...files.slice(1)]), false)
  t.strictSame(notes, [])
})

t.test('a strange file does not stop it, and is told of', async (t) => {
  const { paths, files } = twoFiles(t)
  chmodSync(paths[1], 0o604)
  const { ports, notes } = portsWith()
  t.equal(await withLock(ports, true, async () => isFree(paths[0]), files), false)
  t.strictSame(notes, [`0: the lock ${paths[1]} is left out: it can be opened by anybody`])
})

t.test('where none can be had that is said once, and the change goes on', async (t) => {
  const directory = t.testdir({ directory: {} })
  const paths = [join(directory, 'missing'), join(directory, 'directory')] as const
  const files = paths.map((path) => ({ path, isMade: false }))
  const why = `${paths[0]}: ENOENT; ${paths[1]}: is a directory`
  const { ports, notes } = portsWith()
  t.equal(await withLock(ports, false, async () => 'done', files), 'done')
  t.strictSame(notes, [`0: going on without the lock: ${why}`])
  const powerless = portsWith({ checkWritable: never })
  t.equal(await withLock(powerless.ports, false, async () => 'done', files), 'done')
  t.strictSame(powerless.notes, [], 'who may change nothing has lost nothing')
})

t.test('a missing addon is said, and any other fault passes on', async (t) => {
  const { files } = twoFiles(t)
  const missing = portsWith({}, () => {
    throw unsupported('no-addon', 'there is no addon', 'build it')
  })
  t.equal(await withLock(missing.ports, true, async () => 'done', files), 'done')
  t.strictSame(missing.notes, ['0: going on without the lock: there is no addon; build it'])
  const faulty = portsWith({}, never)
  await t.rejects(withLock(faulty.ports, true, never, files), {
    message: 'no such call is expected',
  })
})

t.test('a recording has no lock', async (t) => {
  const { ports, notes } = portsWith({ root: t.testdir() }, never)
  t.equal(await withLock(ports, true, async () => 'done'), 'done')
  t.strictSame(notes, [])
})
