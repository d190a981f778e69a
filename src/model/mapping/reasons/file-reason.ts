import { readOnlyWords, remountAdvice } from '../../mounts/mount-choice.ts'
import { groupOnMachine, type ProcessIdentity } from '../../processes/process-identity.ts'

/**
 * Why no file can be made on a hugetlbfs mount, by what the kernel answers. A test says it of what it
 * met, and doctor of what would be met.
 */
export const fileReasons = {
  ENOSPC: { reason: 'limit', words: 'the mount may hold no more files (ENOSPC)' },
  EROFS: { reason: 'read-only', words: readOnlyWords },
  EACCES: { reason: 'no-permission', words: 'permission denied (EACCES)' },
} as const

export type FileErrno = keyof typeof fileReasons

/** Returns the reason behind the path that it is about: the mount, or the directory that is closed. */
export const fileReasonAt = (errno: FileErrno, path: string): string =>
  `${path}: ${fileReasons[errno].words}`

/** Who is in a user namespace can change nothing that belongs to somebody outside of it. */
const openingAdvice = (who: ProcessIdentity, path: string): string => {
  const group = groupOnMachine(who, who.group)
  const commands = `'chgrp ${group ?? 'GID'} ${path}' and 'chmod g+rwx ${path}'`
  const where = who.ofMachine ? '' : ', typed as root of the machine outside of the user namespace,'
  return `${commands}${where} let that group in; --via memfd needs no mount`
}

/** Returns what can be typed against it. `who` is absent where it cannot be seen who asks. */
export const fileAdvice = (errno: FileErrno, path: string, who?: ProcessIdentity): string => {
  if (errno === 'ENOSPC') return "'hugepool files' shows what can be removed"
  if (errno === 'EROFS') return remountAdvice(path)
  return who === undefined
    ? "'hugepool mounts' shows who may write there; --via memfd needs no mount"
    : openingAdvice(who, path)
}
