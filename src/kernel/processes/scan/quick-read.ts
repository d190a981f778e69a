import { openSync, readSync } from 'node:fs'
import { asOctets, type Octets } from '../../../model/etc/octets.ts'
import { errnoOf, isShortage } from '../../errno.ts'
import { release } from '../../release-descriptor.ts'

/** Every file of a process is read into this buffer: an allocation takes longer than the read. */
let buffer = Buffer.allocUnsafe(65536)

/** The answers for a process that is gone. */
const goneAnswers: readonly string[] = ['ENOENT', 'ESRCH', 'ENOTDIR']

/**
 * What could not be read: `gone` for a process or descriptor that has ended, else the answer of the
 * kernel, such as EACCES.
 */
export type Unread = { readonly denied: string } | { readonly denied?: never }

/** Runs `look`; an error of the system is returned, but a lack of descriptors is thrown. */
export const looked = <T>(look: () => T): { readonly value: T } | Unread => {
  try {
    return { value: look() }
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined || isShortage(error)) throw error
    return goneAnswers.includes(errno) ? {} : { denied: errno }
  }
}

/**
 * Runs `look` as `looked` does, for callers to whom the reason does not matter: undefined where nothing
 * can be seen.
 */
export const ifShown = <T>(look: () => T): T | undefined => {
  const found = looked(look)
  return 'value' in found ? found.value : undefined
}

/**
 * The bytes of a file that the kernel gives in one read(2), as /proc/PID/status is. They are valid
 * until the next call of a function of this file. Throws system errors.
 */
export const readAtOnce = (path: string): Buffer => {
  const descriptor = openSync(path, 'r')
  try {
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, null))
  } finally {
    release(descriptor)
  }
}

/** All octets of a file, of whatever length. Throws system errors. */
export const readAll = (path: string): Octets => {
  const descriptor = openSync(path, 'r')
  try {
    let length = 0
    for (;;) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, null)
      if (read === 0) return asOctets(buffer.toString('latin1', 0, length))
      length += read
      if (length < buffer.length) continue
      const larger = Buffer.allocUnsafe(2 * buffer.length)
      buffer.copy(larger)
      buffer = larger
    }
  } finally {
    release(descriptor)
  }
}
