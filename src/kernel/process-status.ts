import { asOctets, type Octets } from '../model/etc/octets.ts'
import { type Capability, includesCapability } from '../model/processes/capability.ts'
import { nameInStatus, processName } from '../model/processes/process-name.ts'
import { fromKilobytes } from '../model/words/bytes.ts'
import { readIfPresent } from './read-attribute.ts'
import type { Tree } from './tree.ts'

/** Reads /proc/PID/status, by default of this process; empty where there is none. */
export const readStatus = (tree: Tree, process = 'self'): Octets =>
  readIfPresent(tree, `/proc/${process}/status`) ?? asOctets('')

/**
 * Returns the value of a line of /proc/PID/status (proc_pid_status in fs/proc/array.c). Exactly one
 * tab follows the name of the line. Other blanks are kept, because they may begin the name of a
 * process and because numbers are padded with them. Only a newline ends a line. `.` and `$` in the
 * pattern would also stop at a carriage return, which the name of a process can have.
 */
export const statusLine = (status: Octets, name: string): Octets | undefined => {
  const found = new RegExp(`(?:^|\\n)${name}:\\t([^\\n]*)`).exec(status)?.[1]
  return found === undefined ? undefined : asOctets(found)
}

/**
 * Converts the value of a line from kB to bytes. Returns undefined where the line is missing, as
 * `HugetlbPages` is before 4.4, or where the value is not in kB.
 */
export const kilobytesIn = (status: Octets, name: string): bigint | undefined => {
  const digits = /^ *(\d+) kB$/.exec(statusLine(status, name) ?? '')?.[1]
  return digits === undefined ? undefined : fromKilobytes(digits)
}

/** Returns the effective id of a line, which is the second; undefined where it has no ids. */
export const effectiveId = (status: Octets, name: 'Uid' | 'Gid'): bigint | undefined => {
  const digits = /^\d+\t(\d+)\t/.exec(statusLine(status, name) ?? '')?.[1]
  return digits === undefined ? undefined : BigInt(digits)
}

/**
 * Returns a set of capabilities with one bit for each: the effective ones (CapEff), or those that a
 * program can get at all (CapBnd).
 */
export const capabilitiesIn = (
  status: Octets,
  name: 'CapEff' | 'CapBnd' = 'CapEff',
): bigint | undefined => {
  const digits = /^[\da-f]+$/.exec(statusLine(status, name) ?? '')?.[0]
  return digits === undefined ? undefined : BigInt(`0x${digits}`)
}

/** Whether a process has a capability in effect; undefined where its status does not tell. */
export const capableByStatus = (status: Octets, name: Capability): boolean | undefined => {
  const capabilities = capabilitiesIn(status)
  return capabilities === undefined ? undefined : includesCapability(capabilities, name)
}

/** Returns the name of the process in its status; `?` where it has none. */
export const commandIn = (status: Octets): string => {
  const name = statusLine(status, 'Name')
  return name === undefined ? '?' : processName(nameInStatus(name))
}
