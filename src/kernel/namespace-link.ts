import { readlinkSync } from 'node:fs'
import { isShortage } from './errno.ts'

/** The kinds of namespaces(7) that decide about huge pages, as /proc/PID/ns names them. */
export type NamespaceKind = 'ipc' | 'mnt' | 'pid' | 'user'

/** The inode of the machine's user namespace, PROC_USER_INIT_INO of include/linux/proc_ns.h (3.8). */
export const machineUserNamespace = 'user:[4026531837]'

/**
 * Reads the namespace that a process is in, such as `mnt:[4026531841]`, from its directory in
 * /proc. Returns undefined where this process may not trace the other one. Throws for a lack of
 * memory or descriptors.
 */
export const namespaceOf = (directory: string, kind: NamespaceKind): string | undefined => {
  try {
    return readlinkSync(`${directory}/ns/${kind}`)
  } catch (error) {
    if (isShortage(error)) throw error
    return undefined
  }
}
