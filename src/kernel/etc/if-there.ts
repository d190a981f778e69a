import { errnoOf } from '../errno.ts'

/** Runs a file operation; returns undefined where the file does not exist. */
export const ifThere = <T>(look: () => T): T | undefined => {
  try {
    return look()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}
