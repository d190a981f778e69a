import { quotedCommand, shellWord } from '../../etc/shell-word.ts'
import { readOnlyWords, remountAdvice } from '../../mounts/mount-choice.ts'
import { groupOnMachine, type ProcessIdentity } from '../../processes/process-identity.ts'

/**
 * The reasons why no file can be made on a hugetlbfs mount, by the kernel's error. A test names the
 * one that it met, and doctor the one that would be met.
 */
export const fileReasons = {
  ENOSPC: { reason: 'limit', words: 'the mount may hold no more files (ENOSPC)' },
  EROFS: { reason: 'read-only', words: readOnlyWords },
  EACCES: { reason: 'no-permission', words: 'permission denied (EACCES)' },
} as const

export type FileErrno = keyof typeof fileReasons

/**
 * Returns the reason in words, behind the path of the mount or of the directory that it is about.
 */
export const fileReasonAt = (errno: FileErrno, path: string): string =>
  `${path}: ${fileReasons[errno].words}`

/**
 * Says how to let a group make files in a directory. Root of a user namespace cannot change one
 * that belongs to somebody outside of it.
 */
const openingAdvice = (who: ProcessIdentity, path: string): string => {
  const group = groupOnMachine(who, who.group)
  const file = shellWord(path)
  const chgrp = quotedCommand(`chgrp ${group ?? 'GID'} ${file}`)
  const commands = `${chgrp} and ${quotedCommand(`chmod g+rwx ${file}`)}`
  const where = who.ofMachine ? '' : ', typed as root of the machine outside of the user namespace,'
  return `${commands}${where} let that group in; --via memfd needs no mount`
}

/**
 * Returns the advice for a reason. `who` makes the file; it is absent where that cannot be seen.
 */
export const fileAdvice = (errno: FileErrno, path: string, who?: ProcessIdentity): string => {
  if (errno === 'ENOSPC') return "'hugepool files' shows what can be removed"
  if (errno === 'EROFS') return remountAdvice(path)
  return who === undefined
    ? "'hugepool mounts' shows who may write there; --via memfd needs no mount"
    : openingAdvice(who, path)
}
