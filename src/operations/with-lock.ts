import { HugepoolError, refused } from '../errors.ts'
import { type Lock, lockFiles, openLocks } from '../kernel/lock.ts'
import { readPageSizes } from '../kernel/pools/pools.ts'
import { isLive } from '../kernel/tree.ts'
import { attributePath } from '../model/pools/attributes.ts'
import { heedStop } from './heed-stop.ts'
import { lookUntil } from './look-until.ts'
import type { Ports } from './ports.ts'

const pollMilliseconds = 20

const mayChange = ({ tree }: Ports): boolean => {
  try {
    for (const size of readPageSizes(tree).slice(0, 1))
      tree.checkWritable(attributePath('nr_hugepages', size))
    return true
  } catch {
    return false
  }
}

/** Reports a missing lock. A caller who may not change a pool needs no lock, and no report. */
const sayNone = (ports: Ports, why: string): void => {
  if (mayChange(ports)) ports.note(`going on without the lock: ${why}`)
}

/**
 * Opens the lock files. Where at least one can be opened, a file that is left out is reported only
 * if somebody has put something strange in its place: about the other reasons nothing can be done.
 */
const openAll = (ports: Ports, files: typeof lockFiles): readonly Lock[] => {
  try {
    const { locks, leftOut } = openLocks(ports.native(), files)
    if (locks.length === 0)
      sayNone(ports, leftOut.map(({ path, why }) => `${path}: ${why}`).join('; '))
    else
      for (const { path, why, isStrange } of leftOut)
        if (isStrange) ports.note(`the lock ${path} is left out: it ${why}`)
    return locks
  } catch (error) {
    if (!(error instanceof HugepoolError) || error.code !== 'E_UNSUPPORTED') throw error
    sayNone(ports, [error.message, error.hint ?? []].flat().join('; '))
    return []
  }
}

/** Takes the locks one after the other, and waits for each that another process holds. */
const acquire = async (ports: Ports, locks: readonly Lock[], wait: boolean): Promise<void> => {
  const left = [...locks]
  const { found: held, signal } = await lookUntil(ports, {
    look: () => {
      while (left[0]?.tryAcquire()) left.shift()
      return left[0]
    },
    isDone: (lock) => lock === undefined || !wait,
    every: pollMilliseconds,
    words: (lock) => `waiting for another hugepool to finish (it holds ${lock?.path})`,
  })
  if (held === undefined) return
  const waiting = `for another hugepool, which holds the lock ${held.path}; nothing was changed`
  heedStop({ pending: () => signal }, waiting)
  throw refused(
    'locked',
    `another hugepool holds the lock ${held.path}`,
    'run it again later, or without --no-wait',
  )
}

/**
 * Runs a change while holding the locks, so that relative counts of parallel calls add up. The
 * locks are advisory: where none can be opened, a note says so and the change goes on. Throws
 * E_REFUSED where another hugepool holds a lock and `wait` is not set, and E_KERNEL where a signal
 * ends the wait.
 */
export const withLock = async <T>(
  ports: Ports,
  wait: boolean,
  change: () => Promise<T>,
  files = lockFiles,
): Promise<T> => {
  const locks = isLive(ports.tree) ? openAll(ports, files) : []
  try {
    await acquire(ports, locks, wait)
    return await change()
  } finally {
    for (const lock of locks) lock.release()
  }
}
