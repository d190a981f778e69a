import { existsSync, rmdirSync, symlinkSync, unlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { ensureDirectory } from '../ensure-directory.ts'
import { errnoOf } from '../errno.ts'
import { syncDirectory } from './replace-file.ts'

/** `systemctl disable` also removes a directory of links together with its last link. */
const removeIfEmpty = (directory: string): void => {
  try {
    rmdirSync(directory)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno !== 'ENOTEMPTY' && errno !== 'EEXIST') throw error
  }
}

/**
 * Makes the directory of a new file where it is missing, and removes it again on failure, with the
 * file: nobody else has made one in it.
 */
export const onDirectory = (file: string, make: (sync: () => void) => void): void => {
  const directory = dirname(file)
  const made = ensureDirectory(directory)
  try {
    make(() => {
      syncDirectory(file)
      if (made) syncDirectory(directory)
    })
  } catch (error) {
    if (made) {
      if (existsSync(file)) unlinkSync(file)
      removeIfEmpty(directory)
    }
    throw error
  }
}

/** On failure the link is removed again: only here is it known that this call made it. */
export const linkTo = (file: string, to: string): void =>
  onDirectory(file, (sync) => {
    symlinkSync(to, file)
    try {
      sync()
    } catch (error) {
      unlinkSync(file)
      throw error
    }
  })

/** Removes a link, and its directory where it was the last one there. */
export const unlinkAndSync = (file: string): void => {
  unlinkSync(file)
  syncDirectory(file)
  removeIfEmpty(dirname(file))
}
