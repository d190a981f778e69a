import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs'
import { refused } from '../errors.ts'
import { errnoOf } from './errno.ts'
import type { Native } from './native/native.ts'

export const lockPath = '/run/lock/hugepool.lock'

/** Operations of flock(2), from include/uapi/asm-generic/fcntl.h. */
const lockExclusive = 2
const lockNonBlocking = 4

/** An open lock file. The kernel lets go of the lock when the process ends, however it ends. */
export interface Lock {
  /** True once the lock is held. */
  tryAcquire(): boolean
  release(): void
}

/**
 * Opened without O_CREAT first: where `fs.protected_regular` is set, O_CREAT on a file of somebody
 * else's in a sticky directory is EACCES even for root. Mode 0600, so that only those who can
 * change pools can hold the lock.
 */
const openLockFile = (path: string): number => {
  const flags = constants.O_RDWR | constants.O_NOFOLLOW
  try {
    return openSync(path, flags)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
    return openSync(path, flags | constants.O_CREAT, 0o600)
  }
}

/** Anybody may write to /run/lock: what somebody else put there could be held for ever. */
const checkOwner = (descriptor: number): void => {
  const { uid } = fstatSync(descriptor)
  if (uid === 0 || uid === statSync('/proc/self').uid) return
  throw refused(`the lock ${lockPath} belongs to user ${uid}`, 'remove the file')
}

/** Throws the system's error where the file cannot be opened, E_REFUSED where it is a stranger's. */
export const openLock = (native: Native, path = lockPath): Lock => {
  const descriptor = openLockFile(path)
  checkOwner(descriptor)
  return {
    tryAcquire: () => {
      try {
        native.flock(descriptor, lockExclusive | lockNonBlocking)
        return true
      } catch (error) {
        if (errnoOf(error) === 'EAGAIN') return false
        throw error
      }
    },
    release: () => closeSync(descriptor),
  }
}
