import { mkdirSync } from 'node:fs'
import { errnoOf } from './errno.ts'
import { withUsualUmask } from './usual-umask.ts'

/** Makes a directory that all may search, and its owner alone may write to, whatever the umask. */
export const makeSearchable = (path: string): void => withUsualUmask(() => mkdirSync(path, 0o755))

/** Makes a directory of the system where it is missing. Returns whether it had to be made. */
export const ensureDirectory = (path: string, make = makeSearchable): boolean => {
  try {
    make(path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
}
