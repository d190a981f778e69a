import { closeSync, constants, lstatSync, openSync } from 'node:fs'
import type { HugeFile } from '../../../model/processes/files/huge-file.ts'
import type { FoundFile } from '../../../model/processes/who/found-pages.ts'
import { errnoOf, isShortage } from '../../errno.ts'
import type { Native } from '../../native/native.ts'
import { heldBytes } from '../../stat-blocks.ts'
import { hexDevice } from '../scan/huge-devices.ts'
import { askForLease, type LeaseAnswer } from './file-lease.ts'

/** What lstat(2) tells of a file. */
export type FileStatus = Pick<
  HugeFile,
  'reach' | 'size' | 'pages' | 'links' | 'uid' | 'gid' | 'mode' | 'touched'
>

const ifSeen = <T>(look: () => T): T | undefined => {
  try {
    return look()
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined || (errno !== 'EAGAIN' && isShortage(error))) throw error
    return undefined
  }
}

/** Looks at a file by its name; undefined where it is another file by now, or has gone. */
export const readFileStatus = ({ reach, key, size }: FoundFile): FileStatus | undefined => {
  if (reach === undefined) return undefined
  const stat = ifSeen(() => lstatSync(reach, { bigint: true }))
  if (stat === undefined || !stat.isFile()) return undefined
  if (`${hexDevice(stat.dev)}:${stat.ino}` !== key) return undefined
  const touched = [stat.atimeMs, stat.mtimeMs, stat.ctimeMs].map(Number)
  return {
    reach,
    size: stat.size,
    pages: heldBytes(stat) / size,
    links: stat.nlink,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    mode: Number(stat.mode & 0o7777n),
    touched: Math.max(...touched),
  }
}

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants

/**
 * Asks the kernel whether anybody else has a file open or mapped, by a lease that is given back at
 * once: who opens the file meanwhile waits for some microseconds.
 */
export const tryLease = (native: Native, reach: string): LeaseAnswer => {
  const descriptor = ifSeen(() => openSync(reach, O_RDONLY | O_NOFOLLOW | O_NONBLOCK))
  if (descriptor === undefined) return 'none'
  try {
    return askForLease(native, descriptor)
  } finally {
    closeSync(descriptor)
  }
}
