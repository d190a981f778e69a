import type { FileKey } from '../../../model/processes/who/page-hold.ts'
import { readIfReadable } from '../../read-attribute.ts'
import type { Tree } from '../../tree.ts'

/**
 * A line of /proc/locks (lock_get_status in fs/locks.c): number, kind, whether it binds, access,
 * process, and the file as hexadecimal device numbers and decimal inode, which is its key. `->`
 * marks who waits.
 */
const linePattern = /^\d+: (?!->)\w+ +\S+ +\S+ +-?\d+ ([0-9a-f]+:[0-9a-f]+:\d+) /

/**
 * Returns the keys of the files of which somebody holds a lock of flock(2) or fcntl(2), or a lease.
 * Every user may read them. Locks of other PID namespaces are not among them.
 */
export const readFileLocks = (tree: Tree): ReadonlySet<FileKey> => {
  const lines = (readIfReadable(tree, '/proc/locks') ?? '').split('\n')
  return new Set(lines.flatMap((line) => linePattern.exec(line)?.[1] ?? []))
}
