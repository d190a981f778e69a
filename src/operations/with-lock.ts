import { HugepoolError, refused } from '../errors.ts'
import { type Lock, lockFiles, openLocks } from '../kernel/lock.ts'
import { readPageSizes } from '../kernel/pools/pools.ts'
import { isLive } from '../kernel/tree.ts'
import { attributePath } from '../model/pools/attributes.ts'
import { stoppedWords } from '../model/words/stopped.ts'
import type { Ports, SignalWatch } from './ports.ts'

const pollMilliseconds = 20
/** A wait shorter than this is not reported. */
export const silentWaitMilliseconds = 1000

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
 * Opens the lock files. Where at least one can be opened, another one that is left out is reported
 * only if somebody put it there. Nothing can be done about the other reasons.
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

/** Throws where a signal asked to stop before the change could begin. */
const heedStop = ({ pending }: SignalWatch, path: string): void => {
  const signal = pending()
  if (signal === undefined) return
  const [stopped] = stoppedWords(signal)
  const message = `${stopped} while waiting for another hugepool, which holds the lock ${path}; nothing was changed`
  throw new HugepoolError('E_KERNEL', 'stopped', message, undefined, signal)
}

const acquire = async (ports: Ports, locks: readonly Lock[], wait: boolean): Promise<void> => {
  const started = ports.clock()
  // From here on a signal ends the call with words and a document, not at once.
  const signals = ports.watchSignals()
  let said = false
  for (const { path, tryAcquire } of locks)
    while (!tryAcquire()) {
      if (!wait)
        throw refused(
          'locked',
          `another hugepool holds the lock ${path}`,
          'run it again later, or without --no-wait',
        )
      if (!said && ports.clock() - started > silentWaitMilliseconds) {
        ports.note(`waiting for another hugepool to finish (it holds ${path})`)
        said = true
      }
      await ports.pause(pollMilliseconds)
      heedStop(signals, path)
    }
}

/**
 * Runs a change while holding the locks, so that relative counts of parallel calls add up. The
 * locks are advisory: where none can be opened, a note says so and the change goes on.
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
