import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'

/** Node makes a map of all errors anew at each call. */
const messages = getSystemErrorMap()

export type Errno = keyof typeof constants.errno

const words = (code: Errno): string => messages.get(-constants.errno[code])?.[1] ?? 'unknown error'

/** Tests make tens of thousands, most of them of files that are not there, and look at the frames of none. */
const withoutStack = (message: string): Error => {
  const usual = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  const error = new Error(message)
  Error.stackTraceLimit = usual
  return error
}

/** As node:fs throws it. Calls on a descriptor (read, write) know no path, and neither does Node. */
export const systemError = (code: Errno, syscall: string, path?: string): Error => {
  const place = path === undefined ? '' : ` '${path}'`
  const error = withoutStack(`${code}: ${words(code)}, ${syscall}${place}`)
  const shape = { errno: -constants.errno[code], code, syscall }
  return Object.assign(error, path === undefined ? shape : { ...shape, path })
}

const openErrors: readonly Errno[] = ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EMFILE']

/** An injected error comes from open(2) or from the call on the descriptor, as its errno fits. */
export const faultError = (code: Errno, syscall: 'read' | 'write', path: string): Error =>
  openErrors.includes(code) ? systemError(code, 'open', path) : systemError(code, syscall)

/** A process that touches a huge page that nobody can give dies; the test sees this instead. */
export const busError = (): Error =>
  Object.assign(new Error('SIGBUS: no huge page for this address'), { code: 'SIGBUS' })
