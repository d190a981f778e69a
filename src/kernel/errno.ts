import { type ErrorCode, HugepoolError } from '../errors.ts'

/** The shape of errors thrown by node:fs and by the native addon. */
interface SystemError extends Error {
  readonly code: string
  readonly syscall?: string
  readonly path?: string
}

const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && typeof (error as { code?: unknown }).code === 'string'

/** The errno name (`ENOENT`), or undefined where the error is not a system error. */
export const errnoOf = (error: unknown): string | undefined =>
  isSystemError(error) ? error.code : undefined

/** The system call that failed, where the error names one. */
export const callOf = (error: unknown): string | undefined =>
  isSystemError(error) ? error.syscall : undefined

export interface Meaning {
  readonly code: ErrorCode
  readonly words: string
  readonly hint?: string
}

const meanings: Readonly<Record<string, Meaning>> = {
  EACCES: { code: 'E_PERMISSION', words: 'permission denied', hint: 'run it as root' },
  EPERM: { code: 'E_PERMISSION', words: 'operation not permitted', hint: 'run it as root' },
  EROFS: {
    code: 'E_PERMISSION',
    words: 'read-only file system',
    hint: 'this looks like a container: run hugepool on the host, or mount /sys and /proc/sys writable',
  },
  ENOENT: { code: 'E_UNSUPPORTED', words: 'no such attribute in this kernel' },
  ENAMETOOLONG: { code: 'E_USAGE', words: 'file name too long' },
  ENOTDIR: { code: 'E_UNSUPPORTED', words: 'not a directory' },
  EINVAL: { code: 'E_KERNEL', words: 'the kernel rejects the value (EINVAL)' },
  EBUSY: { code: 'E_KERNEL', words: 'the kernel is busy with it (EBUSY)' },
  ENOMEM: { code: 'E_KERNEL', words: 'the kernel has no memory for it (ENOMEM)' },
  EIO: { code: 'E_KERNEL', words: 'input/output error (EIO)' },
  ENOSPC: { code: 'E_KERNEL', words: 'no space left on device (ENOSPC)' },
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
    meanings[errno] ?? { code: 'E_KERNEL', words: `the kernel answers ${errno}` }
  return new HugepoolError(meaning.code, `${what}: ${meaning.words}`, meaning.hint)
}
