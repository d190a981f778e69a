import { closeSync, constants, fstatSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { callOf, errnoOf } from './errno.ts'
import type { Native } from './native/native.ts'

/** A file to lock, and whether it is made where it is missing. */
export interface LockFile {
  readonly path: string
  readonly isMade: boolean
}

/**
 * Every call locks all of these that it can open, in this order, so that any two calls that share
 * one of them keep apart.
 *
 * The first is there on every kernel (`add_probe_files` in drivers/base/bus.c), whatever /run looks
 * like. Its mode is 0200, so that nobody but root can hold it, and opening it does nothing. It is
 * one file for all who see the sysfs of one network namespace. In /proc it would be another file in
 * each mount of procfs.
 *
 * The second is for calls that see another sysfs, such as those of `ip netns exec`, and for mounts
 * where /sys is read-only.
 */
export const lockFiles: readonly LockFile[] = [
  { path: '/sys/bus/cpu/drivers_probe', isMade: false },
  { path: '/run/lock/hugepool.lock', isMade: true },
]

/** An open lock file. The kernel lets go of the lock when the process ends, however it ends. */
export interface Lock {
  readonly path: string
  /** True once the lock is held. */
  tryAcquire(): boolean
  release(): void
}

/** A lock that is not taken. */
export interface LeftOut {
  readonly path: string
  /** The errno, or what is in place of the file. */
  readonly why: string
  /** Whether somebody put it there who could hold the lock for ever. */
  readonly isStrange: boolean
}

/** Operations of flock(2), from include/uapi/asm-generic/fcntl.h. */
const lockExclusive = 2
const lockNonBlocking = 4

/** O_NONBLOCK, or the opening would wait for the reader of a FIFO that somebody put there. */
const flags = constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** What anybody can put into a directory that anybody may write to, such as /run/lock. */
const strange: Readonly<Record<string, string>> = {
  ELOOP: 'is a symbolic link',
  EISDIR: 'is a directory',
  ENXIO: 'is a FIFO or a socket',
}

/** The effective user; undefined where /proc is not mounted. */
const ownUser = (): number | undefined => statSync('/proc/self', { throwIfNoEntry: false })?.uid

const makeLockDirectory = (path: string): void => {
  try {
    mkdirSync(path, 0o755)
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error
  }
}

/**
 * Opened without O_CREAT first: where `fs.protected_regular` is set, O_CREAT on a file of somebody
 * else's in a sticky directory is EACCES even for root. Only root makes the file, for root would
 * not trust another user's.
 */
const openFile = ({ path, isMade }: LockFile): number => {
  try {
    return openSync(path, flags)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || !isMade || ownUser() !== 0) throw error
    makeLockDirectory(dirname(path))
    return openSync(path, flags | constants.O_CREAT, 0o600)
  }
}

/** Who else could hold the lock of an open file; undefined where only root or its user can. */
const strangerTo = (descriptor: number): string | undefined => {
  const { uid, mode } = fstatSync(descriptor)
  if (uid !== 0 && uid !== ownUser()) return `belongs to user ${uid}`
  return (mode & 0o007) === 0 ? undefined : 'can be opened by anybody'
}

const lockOf = (native: Native, path: string, descriptor: number): Lock => ({
  path,
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
})

const openLock = (native: Native, file: LockFile): Lock | LeftOut => {
  const { path } = file
  try {
    const descriptor = openFile(file)
    const why = strangerTo(descriptor)
    if (why === undefined) return lockOf(native, path, descriptor)
    closeSync(descriptor)
    return { path, why, isStrange: true }
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined || callOf(error) === undefined) throw error
    const why = strange[errno]
    return { path, why: why ?? errno, isStrange: why !== undefined }
  }
}

/** Opens what can be opened, in the order of the files, and says why the rest cannot. */
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
