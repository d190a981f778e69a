import { type ErrorCode, HugepoolError } from '../errors.ts'
import type { FailureReason } from '../model/words/failure-reason.ts'
import { containerHint, rootHint } from '../model/words/root-hint.ts'

/** The shape of errors thrown by node:fs and by the native addon. */
interface SystemError extends Error {
  readonly code: string
  readonly syscall?: string
  readonly path?: string
}

const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && typeof (error as { code?: unknown }).code === 'string'

/** Returns the name of the errno (`ENOENT`), or undefined where it is no system error. */
export const errnoOf = (error: unknown): string | undefined =>
  isSystemError(error) ? error.code : undefined

/** Returns the file that a system call was about; undefined where the error names none. */
export const pathOf = (error: unknown): string | undefined =>
  isSystemError(error) ? error.path : undefined

/** Returns the system call that failed; undefined where the error names none. */
export const callOf = (error: unknown): string | undefined =>
  isSystemError(error) ? error.syscall : undefined

export interface Meaning {
  readonly code: ErrorCode
  readonly reason: FailureReason
  readonly words: string
  readonly hint?: string
}

/** The two limits of open files: RLIMIT_NOFILE of a process, and fs.file-max of the machine. */
const noDescriptor = {
  EMFILE: {
    code: 'E_KERNEL',
    reason: 'limit',
    words: 'too many files are open (EMFILE)',
    hint: "'ulimit -n' is the limit of this process",
  },
  ENFILE: {
    code: 'E_KERNEL',
    reason: 'limit',
    words: 'too many files are open on this machine (ENFILE)',
    hint: "'sysctl fs.file-max' is the limit",
  },
} as const satisfies Readonly<Record<string, Meaning>>

const meanings: Readonly<Record<string, Meaning>> = {
  EACCES: { code: 'E_PERMISSION', reason: 'not-root', words: 'permission denied', hint: rootHint },
  EPERM: {
    code: 'E_PERMISSION',
    reason: 'not-root',
    words: 'operation not permitted',
    hint: rootHint,
  },
  EROFS: {
    code: 'E_PERMISSION',
    reason: 'read-only',
    words: 'read-only file system',
    hint: containerHint,
  },
  ENOENT: {
    code: 'E_UNSUPPORTED',
    reason: 'no-feature',
    words: 'no such attribute in this kernel',
  },
  ENAMETOOLONG: { code: 'E_USAGE', reason: 'wrong-words', words: 'file name too long' },
  ENOTDIR: { code: 'E_UNSUPPORTED', reason: 'wrong-file', words: 'not a directory' },
  EINVAL: { code: 'E_KERNEL', reason: 'kernel', words: 'the kernel rejects the value (EINVAL)' },
  EBUSY: { code: 'E_KERNEL', reason: 'busy', words: 'the kernel is busy with it (EBUSY)' },
  ENOMEM: {
    code: 'E_KERNEL',
    reason: 'no-memory',
    words: 'the kernel has no memory for it (ENOMEM)',
  },
  EAGAIN: {
    code: 'E_KERNEL',
    reason: 'limit',
    words: 'the kernel has no room for it now (EAGAIN)',
    hint: 'try again',
  },
  ENXIO: { code: 'E_KERNEL', reason: 'wrong-file', words: 'not a regular file' },
  EIO: { code: 'E_KERNEL', reason: 'kernel', words: 'input/output error (EIO)' },
  ENOSPC: { code: 'E_KERNEL', reason: 'limit', words: 'no space left on device (ENOSPC)' },
  EDQUOT: { code: 'E_KERNEL', reason: 'limit', words: 'the disk quota is used up (EDQUOT)' },
  EFBIG: {
    code: 'E_KERNEL',
    reason: 'limit',
    words: 'the file would be too large (EFBIG)',
    hint: "'ulimit -f' is the limit of this shell",
  },
  ...noDescriptor,
}

/** The errors of a kernel that lacks what any file would need: a descriptor, memory, or room. */
const shortages: readonly string[] = [...Object.keys(noDescriptor), 'ENOMEM', 'EAGAIN']

/**
 * Whether the kernel lacked what any file would need. Such an error says nothing about the file,
 * not even that it is missing or may not be read.
 */
export const isShortage = (error: unknown): boolean => {
  const thrown = error instanceof HugepoolError ? error.cause : error
  return shortages.includes(errnoOf(thrown) ?? '')
}

/**
 * Turns a system error into a HugepoolError in hugepool's words. `what` names the file or the
 * action. An error without an errno is returned unchanged, because it is a fault of the program and
 * not of the system. `special` gives an errno the meaning that it has for one attribute.
 */
export const explain = (
  error: unknown,
  what: string,
  special: Readonly<Record<string, Meaning>> = {},
): unknown => {
  const errno = errnoOf(error)
  if (error instanceof HugepoolError || errno === undefined) return error
  const meaning = special[errno] ??
    meanings[errno] ?? { code: 'E_KERNEL', reason: 'kernel', words: `the kernel answers ${errno}` }
  const told = new HugepoolError(
    meaning.code,
    meaning.reason,
    `${what}: ${meaning.words}`,
    meaning.hint,
  )
  return Object.defineProperty(told, 'cause', { value: error })
}
