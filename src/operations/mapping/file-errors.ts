import type { ErrorCode } from '../../errors.ts'
import { errnoOf, explain } from '../../kernel/errno.ts'
import { readMounts } from '../../kernel/mounts/hugetlbfs-mounts.ts'
import { directoryAccess } from '../../kernel/processes/read-directory-access.ts'
import { readIdentity } from '../../kernel/processes/read-identity.ts'
import { isLive, type Tree } from '../../kernel/tree.ts'
import { type FileErrno, fileAdvice, fileReasons } from '../../model/mapping/reasons/file-reason.ts'
import { mountAt } from '../../model/mounts/mount-choice.ts'
import { closedDirectory } from '../../model/processes/directory-access.ts'
import type { ProcessIdentity } from '../../model/processes/process-identity.ts'

const codes: Readonly<Record<FileErrno, ErrorCode>> = {
  ENOSPC: 'E_KERNEL',
  EROFS: 'E_PERMISSION',
  EACCES: 'E_PERMISSION',
}

const isOfFile = (errno: string | undefined): errno is FileErrno =>
  errno !== undefined && errno in fileReasons

/**
 * Finds the directory that is in the way: the one where the file was to be, unless one above it is
 * closed.
 */
const closedPath = (tree: Tree, directory: string, who: ProcessIdentity | undefined): string => {
  const access = isLive(tree) ? directoryAccess('/', directory) : undefined
  if (who === undefined || access === undefined) return directory
  return closedDirectory(who, access)?.path ?? directory
}

/** Puts an error of making a file on a hugetlbfs into the words that `doctor` has for it. */
export const explainFile = (error: unknown, tree: Tree, directory: string): unknown => {
  const errno = errnoOf(error)
  if (!isOfFile(errno)) return explain(error, directory)
  const who = readIdentity(tree)
  const mount = mountAt(readMounts(tree), directory)
  const path = errno === 'EACCES' ? closedPath(tree, directory, who) : (mount?.target ?? directory)
  const hint = fileAdvice(errno, path, who)
  return explain(error, path, { [errno]: { code: codes[errno], ...fileReasons[errno], hint } })
}
