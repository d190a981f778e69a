import { closeSync, constants, openSync } from 'node:fs'
import { errnoOf, isShortage } from '../../errno.ts'
import type { Native } from '../../native/native.ts'
import { askForLease, type LeaseAnswer } from './file-lease.ts'

const ifSeen = <T>(look: () => T): T | undefined => {
  try {
    return look()
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined || (errno !== 'EAGAIN' && isShortage(error))) throw error
    return undefined
  }
}

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants

/**
 * Asks the kernel whether anybody else has a file open or mapped, by a lease that is given back at
 * once: who opens the file meanwhile waits for some microseconds.
 */
export const tryLease = (native: Native, reach: string): LeaseAnswer => {
  const descriptor = ifSeen(() => openSync(reach, O_RDONLY | O_NOFOLLOW | O_NONBLOCK))
  if (descriptor === undefined) return 'none'
  try {
    return askForLease(native, descriptor)
  } finally {
    closeSync(descriptor)
  }
}
