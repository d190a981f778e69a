import { textWithEscapes } from '../etc/octal-escapes.ts'
import { asOctets, type Octets } from '../etc/octets.ts'

/** TASK_COMM_LEN of include/linux/sched.h, without the byte that ends the string. */
const longestName = 15

/** Matches an incomplete UTF-8 character at the end of a name. */
const cutCharacter = /(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})$/

/**
 * The name of a process, from the octets of /proc/PID/comm. The kernel cuts a long name after 15
 * bytes, even within a character; the rest of a cut character is removed. Other bytes that are not
 * UTF-8 are shown as octal escapes.
 */
export const processName = (comm: Octets): string =>
  textWithEscapes(comm.length === longestName ? asOctets(comm.replace(cutCharacter, '')) : comm)

/**
 * Undoes the escapes of the `Name:` line of /proc/PID/status (proc_task_name in fs/proc/array.c).
 */
export const nameInStatus = (line: Octets): Octets =>
  asOctets(line.replace(/\\([n\\])/g, (_, letter: string) => (letter === 'n' ? '\n' : '\\')))

/** The name in the text of /proc/PID/comm, which a newline ends. Others may be part of the name. */
export const nameInComm = (text: Octets): Octets => asOctets(text.replace(/\n$/, ''))
