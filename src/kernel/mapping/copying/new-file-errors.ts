import { remainderWords, standardStream } from '../../../model/mapping/copying/copy-request.ts'
import { fileReasons } from '../../../model/mapping/reasons/file-reason.ts'
import { explain, type Meaning } from '../../errno.ts'

const inNewFiles: Readonly<Record<string, Meaning>> = {
  ENOENT: { code: 'E_REFUSED', reason: 'changed', words: 'its directory has gone meanwhile' },
  EEXIST: {
    code: 'E_REFUSED',
    reason: 'exists',
    words: 'somebody else made it meanwhile; nothing was left behind',
    hint: '--force replaces it',
  },
  EACCES: {
    code: 'E_PERMISSION',
    reason: 'no-permission',
    words: 'permission denied',
    hint: 'the owner and mode of the directory decide who may make files in it',
  },
  EPERM: {
    code: 'E_PERMISSION',
    reason: 'no-permission',
    words: 'the directory lets only the owner of a file replace it',
  },
  EROFS: { code: 'E_PERMISSION', reason: 'read-only', words: 'read-only file system' },
  ENOSPC: {
    code: 'E_KERNEL',
    reason: 'limit',
    words: 'no space left on device (ENOSPC); nothing was left behind',
  },
  EDQUOT: {
    code: 'E_KERNEL',
    reason: 'limit',
    words: 'the disk quota is used up (EDQUOT); nothing was left behind',
  },
}

/** A new file of hugetlbfs has no page yet, so ENOSPC means that nr_inodes is used up. */
const noInode = {
  ENOSPC: {
    code: 'E_KERNEL',
    ...fileReasons.ENOSPC,
    hint: "'hugepool mounts -o TARGET,INODES,FILES' shows how many it may hold",
  },
} as const

/** Explains an error of making a file on hugetlbfs. */
export const explainHugeFile = (error: unknown, path: string): unknown =>
  explain(error, path, { ...inNewFiles, ...noInode })

/** Explains an error of making, filling or naming a file. */
export const explainNewFile = (error: unknown, path: string): unknown =>
  explain(error, path, inNewFiles)

const inStreams = {
  ENOSPC: {
    code: 'E_KERNEL',
    reason: 'limit',
    words: `no space left on device (ENOSPC); ${remainderWords(standardStream)}`,
  },
  EDQUOT: {
    code: 'E_KERNEL',
    reason: 'limit',
    words: `the disk quota is used up (EDQUOT); ${remainderWords(standardStream)}`,
  },
  EINVAL: {
    code: 'E_KERNEL',
    reason: 'wrong-file',
    words: 'cannot be written to (EINVAL), as a file on hugetlbfs',
    hint: 'give such a file as TARGET',
  },
} as const

/** Explains an error of writing to standard output. What is written there stays. */
export const explainStream = (error: unknown): unknown =>
  explain(error, 'standard output', { ...inNewFiles, ...inStreams })
