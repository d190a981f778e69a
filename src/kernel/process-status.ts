import { asOctets, type Octets } from '../model/etc/octets.ts'
import { readIfPresent } from './read-attribute.ts'
import type { Tree } from './tree.ts'

/** /proc/PID/status of a process, of this one unless told; empty where there is none. */
export const readStatus = (tree: Tree, process = 'self'): Octets =>
  readIfPresent(tree, `/proc/${process}/status`) ?? asOctets('')

/**
 * What a line of /proc/PID/status says (proc_pid_status in fs/proc/array.c): one tab follows the name
 * of the line. Other blanks may begin the name of a process, and stand before a number.
 */
export const statusLine = (status: Octets, name: string): Octets | undefined => {
  const found = new RegExp(`^${name}:\\t(.*)$`, 'm').exec(status)?.[1]
  return found === undefined ? undefined : asOctets(found)
}

/** Undefined for a line that is not there, as `HugetlbPages` before 4.4, and for no kilobytes. */
export const kilobytesIn = (status: Octets, name: string): bigint | undefined => {
  const digits = /^ *(\d+) kB$/.exec(statusLine(status, name) ?? '')?.[1]
  return digits === undefined ? undefined : BigInt(digits) * 1024n
}
