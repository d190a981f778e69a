import { HugepoolError, refused } from '../errors.ts'
import { errnoOf } from '../kernel/errno.ts'
import { type Lock, lockPath, openLock } from '../kernel/lock.ts'
import { isLive } from '../kernel/tree.ts'
import type { Ports } from './ports.ts'

const pollMilliseconds = 20
/** Waiting shorter than this needs no words. */
const silentMilliseconds = 1000

const open = (ports: Ports): Lock | undefined => {
  try {
    return openLock(ports.native())
  } catch (error) {
    const why = error instanceof HugepoolError ? error.message : errnoOf(error)
    if (why === undefined) throw error
    ports.note(`going on without the lock ${lockPath}: ${why}`)
    return undefined
  }
}

const acquire = async (ports: Ports, lock: Lock, wait: boolean): Promise<void> => {
  const started = ports.clock()
  let said = false
  while (!lock.tryAcquire()) {
    if (!wait)
      throw refused(
        `another hugepool holds the lock ${lockPath}`,
        'run it again later, or without --no-wait',
      )
    if (!said && ports.clock() - started > silentMilliseconds) {
      ports.note(`waiting for another hugepool to finish (it holds ${lockPath})`)
      said = true
    }
    await ports.pause(pollMilliseconds)
  }
}

/**
 * Runs a change while holding the lock, so that relative counts of parallel calls add up. The lock
 * is advisory: where it cannot be had at all, that is said and the change goes on.
 */
export const withLock = async <T>(
  ports: Ports,
  wait: boolean,
  change: () => Promise<T>,
): Promise<T> => {
  const lock = isLive(ports.tree) ? open(ports) : undefined
  try {
    if (lock !== undefined) await acquire(ports, lock, wait)
    return await change()
  } finally {
    lock?.release()
  }
}
