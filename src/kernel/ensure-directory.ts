import { mkdirSync } from 'node:fs'
import { errnoOf } from './errno.ts'

/** Makes a directory of the system where it is missing. Returns whether it had to be made. */
export const ensureDirectory = (path: string): boolean => {
  try {
    mkdirSync(path, 0o755)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
}
