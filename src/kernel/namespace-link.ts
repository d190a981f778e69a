import { readlinkSync } from 'node:fs'
import { isShortage } from './errno.ts'

/** The kinds of namespaces(7) that decide about huge pages, as /proc/PID/ns names them. */
export type NamespaceKind = 'ipc' | 'mnt' | 'pid' | 'user'

/**
 * The namespace that a process is in, by its directory in /proc: `mnt:[4026531841]`. Only who may trace
 * a process sees it; undefined where it cannot be seen. A lack of memory or descriptors is thrown.
 */
export const namespaceOf = (directory: string, kind: NamespaceKind): string | undefined => {
  try {
    return readlinkSync(`${directory}/ns/${kind}`)
  } catch (error) {
    if (isShortage(error)) throw error
    return undefined
  }
}
