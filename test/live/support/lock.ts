import { readFileSync } from 'node:fs'
import { type Running, start } from './program.ts'
import { until } from './wait.ts'

export const lockPath = '/run/lock/hugepool.lock'

/** What hugepool says after waiting for a second. */
export const waitingWords = `hugepool: waiting for another hugepool to finish (it holds ${lockPath})\n`

/** Has flock(1) hold the lock until it is killed or the test ends. */
export const holdLock = async (): Promise<Running> => {
  const script = 'echo held >&2; exec sleep 600'
  const holder = start(['flock', '--no-fork', lockPath, 'sh', '-c', script])
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
