import { constants, openSync } from 'node:fs'
import { errnoOf, isShortage } from '../../errno.ts'
import type { Native } from '../../native/native.ts'
import { release } from '../../release-descriptor.ts'
import { askForLease, type LeaseAnswer } from './file-lease.ts'

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants

/** Opens a file for reading. Returns what that tells of a lease where it cannot be opened. */
const openedOr = (reach: string): number | LeaseAnswer => {
  try {
    return openSync(reach, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined || (errno !== 'EAGAIN' && isShortage(error))) throw error
    return errno === 'EACCES' ? 'CAP_DAC_OVERRIDE' : 'none'
  }
}

/**
 * Asks the kernel whether anybody else has a file open or mapped, by a lease that is given back at
 * once: who opens the file meanwhile waits for some microseconds.
 */
export const tryLease = (native: Native, reach: string): LeaseAnswer => {
  const descriptor = openedOr(reach)
  if (typeof descriptor === 'string') return descriptor
  try {
    return askForLease(native, descriptor)
  } finally {
    release(descriptor)
  }
}
