import { textWithEscapes } from '../etc/octal-escapes.ts'
import { asOctets, type Octets } from '../etc/octets.ts'

/** TASK_COMM_LEN of include/linux/sched.h, without the byte that ends the string. */
const longestName = 15

/** The first bytes of a character whose last ones are missing. */
const cutCharacter = /(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})$/

/**
 * What a process is called, from the octets of /proc/PID/comm. The kernel cuts a long name after 15
 * bytes, also within a character: what is left of that one is left out. Bytes that are not UTF-8
 * for other reasons are told as octal escapes.
 */
export const processName = (comm: Octets): string =>
  textWithEscapes(comm.length === longestName ? asOctets(comm.replace(cutCharacter, '')) : comm)

/** Undoes what `Name:` of /proc/PID/status escapes (proc_task_name in fs/proc/array.c). */
export const nameInStatus = (line: Octets): Octets =>
  asOctets(line.replace(/\\([n\\])/g, (_, letter: string) => (letter === 'n' ? '\n' : '\\')))
