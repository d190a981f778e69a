import { constants, fstatSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { ensureDirectory } from './ensure-directory.ts'
import { callOf, errnoOf, explain, isShortage } from './errno.ts'
import type { Native } from './native/native.ts'
import { ownUser } from './own-user.ts'
import { release } from './release-descriptor.ts'
import { tryAgain } from './try-again.ts'
import { withUsualUmask } from './usual-umask.ts'

/** A file to lock. Where it is missing and `isMade` is true, root creates it. */
export interface LockFile {
  readonly path: string
  readonly isMade: boolean
}

/**
 * Every call locks all of these files that it can open, in this order, so that any two calls that
 * share one of them exclude each other.
 *
 * The first file exists on every kernel (`add_probe_files` in drivers/base/bus.c), whatever /run
 * looks like. Its mode is 0200, so only root can hold its lock, and opening it has no effect. All
 * processes that see the sysfs of one network namespace see the same file. A file in /proc would be
 * a different one in each mount of procfs.
 *
 * The second file is for calls that see another sysfs, such as those of `ip netns exec`, and for
 * mount namespaces where /sys is read-only.
 */
export const lockFiles: readonly LockFile[] = [
  { path: '/sys/bus/cpu/drivers_probe', isMade: false },
  { path: '/run/lock/hugepool.lock', isMade: true },
]

/** An open lock file. The kernel releases the lock when the process ends, however it ends. */
export interface Lock {
  readonly path: string
  /** Tries to lock the file without waiting. Returns whether this process holds the lock now. */
  tryAcquire(): boolean
  release(): void
}

/** A lock file that cannot be used. */
export interface LeftOut {
  readonly path: string
  /** The errno, or words that say what is wrong with the file. */
  readonly why: string
  /** True where another user put the file there, or could hold its lock for ever. */
  readonly isStrange: boolean
}

/** Operations of flock(2), from include/uapi/asm-generic/fcntl.h. */
const lockExclusive = 2
const lockNonBlocking = 4

/** O_NONBLOCK is set because open(2) of a FIFO that somebody put there would wait for a reader. */
const flags = constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * What any user can put in place of the file into a directory that all may write to, such as
 * /run/lock, by the error of open(2) for it.
 */
const strange: Readonly<Record<string, string>> = {
  ELOOP: 'is a symbolic link',
  EISDIR: 'is a directory',
  ENXIO: 'is a FIFO or a socket',
}

/**
 * Opens the file without O_CREAT first: where `fs.protected_regular` is set, O_CREAT on a file of
 * another user in a sticky directory fails with EACCES even for root. Only root creates the file,
 * because root would not trust a file of another user.
 */
const openFile = ({ path, isMade }: LockFile): number => {
  try {
    return openSync(path, flags)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || !isMade || ownUser() !== 0) throw error
    ensureDirectory(dirname(path))
    return withUsualUmask(() => openSync(path, flags | constants.O_CREAT, 0o600))
  }
}

/**
 * Says why another user could hold the lock of an open file. Returns undefined where only root or
 * the user of this process can hold it.
 */
const strangerTo = (descriptor: number): string | undefined => {
  const { uid, mode } = fstatSync(descriptor)
  if (uid !== 0 && uid !== ownUser()) return `belongs to user ${uid}`
  return (mode & 0o007) === 0 ? undefined : 'can be opened by anybody'
}

const lockOf = (native: Native, path: string, descriptor: number): Lock => ({
  path,
  tryAcquire: () => {
    try {
      tryAgain(() => native.flock(descriptor, lockExclusive | lockNonBlocking), ['EINTR'])
      return true
    } catch (error) {
      if (errnoOf(error) === 'EAGAIN') return false
      throw explain(error, path)
    }
  },
  release: () => release(descriptor),
})

const openLock = (native: Native, file: LockFile): Lock | LeftOut => {
  const { path } = file
  try {
    const descriptor = openFile(file)
    const why = strangerTo(descriptor)
    if (why === undefined) return lockOf(native, path, descriptor)
    release(descriptor)
    return { path, why, isStrange: true }
  } catch (error) {
    const errno = errnoOf(error)
    if (isShortage(error) || errno === undefined || callOf(error) === undefined) throw error
    const why = strange[errno]
    return { path, why: why ?? errno, isStrange: why !== undefined }
  }
}

/** Opens the files that can be locked, in their order, and says why the others are left out. */
export const openLocks = (
  native: Native,
  files = lockFiles,
): { readonly locks: readonly Lock[]; readonly leftOut: readonly LeftOut[] } => {
  const opened = files.map((file) => openLock(native, file))
  return {
    locks: opened.filter((each) => 'release' in each),
    leftOut: opened.filter((each) => 'why' in each),
  }
}
