import type { Capability } from '../../../model/processes/capability.ts'
import { callOf, errnoOf } from '../../errno.ts'
import type { Native } from '../../native/native.ts'

/** Kinds of leases, of include/uapi/asm-generic/fcntl.h. */
const writeLease = 1
const noLease = 2

/**
 * What a lease tells of a file: nobody else has it, somebody has it, no lease can be had, or which
 * capability this process lacks for one of another user's file.
 */
export type LeaseAnswer = 'free' | 'used' | 'none' | LeaseNeed
export type LeaseNeed = Extract<Capability, 'CAP_DAC_OVERRIDE' | 'CAP_LEASE'>

const answerFor: Readonly<Record<string, LeaseAnswer>> = { EAGAIN: 'used', EACCES: 'CAP_LEASE' }

/**
 * Asks for a lease of an open file, which the kernel gives only where nobody else has the file open
 * or mapped (check_conflicting_open in fs/locks.c), and keeps it until the descriptor is closed.
 * Who opens the file meanwhile waits. O_PATH descriptors do not count. From 7.0 on hugetlbfs has no
 * leases, and somebody else's file takes CAP_LEASE.
 */
export const askForLease = (native: Native, descriptor: number): LeaseAnswer => {
  try {
    native.setLease(descriptor, writeLease)
    return 'free'
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined) throw error
    // The signal is asked for before the lease, and says nothing of the file.
    return callOf(error) === 'fcntl(F_SETSIG)' ? 'none' : (answerFor[errno] ?? 'none')
  }
}

/** Whether nobody has come to wait for a file of which we have a lease. */
export const isAlone = (native: Native, descriptor: number): boolean =>
  native.getLease(descriptor) === writeLease

export const endLease = (native: Native, descriptor: number): void =>
  native.setLease(descriptor, noLease)
