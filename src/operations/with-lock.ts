import { HugepoolError, refused } from '../errors.ts'
import { errnoOf, explain } from '../kernel/errno.ts'
import { type Lock, lockPath, openLock } from '../kernel/lock.ts'
import { readPageSizes } from '../kernel/pools/pools.ts'
import { isLive } from '../kernel/tree.ts'
import { attributePath } from '../model/pools/attributes.ts'
import type { Ports } from './ports.ts'

const pollMilliseconds = 20
/** Waiting shorter than this needs no words. */
export const silentMilliseconds = 1000

/** Things in place of the lock file that a careless or hostile user may have put there. */
const strange = {
  ELOOP: { code: 'E_REFUSED', words: 'is a symbolic link', hint: 'remove it' },
  EISDIR: { code: 'E_REFUSED', words: 'is a directory', hint: 'remove it' },
} as const

/** A /run that cannot be written is no reason to leave a machine without its pages. */
const tolerable = ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR']

const open = (ports: Ports): Lock | undefined => {
  try {
    return openLock(ports.native())
  } catch (error) {
    const errno = errnoOf(error)
    if (error instanceof HugepoolError && error.code === 'E_UNSUPPORTED')
      ports.note(`going on without the lock ${lockPath}: ${error.message}`)
    else if (errno !== undefined && tolerable.includes(errno) && !(error instanceof HugepoolError))
      ports.note(`going on without the lock ${lockPath}: ${errno}`)
    else throw explain(error, lockPath, strange)
    return undefined
  }
}

/** Without the right to change a pool there is nothing to lock, and no lock file to leave behind. */
const mayChange = ({ tree }: Ports): boolean => {
  try {
    for (const size of readPageSizes(tree).slice(0, 1))
      tree.checkWritable(attributePath('nr_hugepages', size))
    return true
  } catch {
    return false
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
  const lock = isLive(ports.tree) && mayChange(ports) ? open(ports) : undefined
  try {
    if (lock !== undefined) await acquire(ports, lock, wait)
    return await change()
  } finally {
    lock?.release()
  }
}
