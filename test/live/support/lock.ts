import { readFileSync } from 'node:fs'
import { type Running, start } from './program.ts'
import { until } from './wait.ts'

/** The first of the files that hugepool locks: the one that all see who see this /sys. */
export const lockPath = '/sys/bus/cpu/drivers_probe'
/** The second, which those share who see another /sys, or a read-only one. */
export const runLockPath = '/run/lock/hugepool.lock'

/** What hugepool says after waiting for a second. */
export const waitingFor = (path: string): string =>
  `hugepool: note: waiting for another hugepool to finish (it holds ${path})\n`

export const waitingWords = waitingFor(lockPath)

/** What it says when a signal ends the wait. */
export const stoppedWords = (signal: string): string =>
  `hugepool: stopped by ${signal} while waiting for another hugepool, which holds the lock ${lockPath}; nothing was changed\n`

/** Has a lock held until the holder is killed or the test ends. */
export const holdLock = async (path = lockPath): Promise<Running> => {
  // flock(1) would open the file for reading, which sysfs refuses.
  const script = `umask 022; mkdir -p /run/lock; umask 077
    exec 9>'${path}'; flock 9; echo held >&2; exec sleep 600`
  const holder = start(['sh', '-euc', script])
  await until('the lock of flock(1)', () => holder.errNow() === 'held\n')
  return holder
}

/** Waits until a process has the lock, by the kernel's list of those who have one. */
export const untilLocked = ({ child }: Running): Promise<void> => {
  const line = new RegExp(`^\\d+: FLOCK +ADVISORY +WRITE +${child.pid} `, 'm')
  return until('the lock', () => line.test(readFileSync('/proc/locks', 'utf8')))
}

export const isRunning = ({ child }: Running): boolean =>
  child.exitCode === null && child.signalCode === null
