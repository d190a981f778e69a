import { chownSync, existsSync, lchownSync, rmdirSync, symlinkSync, unlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { ensureDirectory } from '../ensure-directory.ts'
import { errnoOf } from '../errno.ts'
import type { Owner } from '../file-owner.ts'
import { syncDirectory } from './replace-file.ts'

/** Removes an empty directory, as `systemctl disable` does after the last link in it. */
const removeIfEmpty = (directory: string): void => {
  try {
    rmdirSync(directory)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno !== 'ENOTEMPTY' && errno !== 'EEXIST') throw error
  }
}

/**
 * Makes a directory where it is missing, and those above it if `all`. Returns those that it made.
 */
const ensure = (directory: string, all: boolean): readonly string[] => {
  if (existsSync(directory)) return []
  const above = all ? ensure(dirname(directory), all) : []
  return ensureDirectory(directory) ? [...above, directory] : above
}

/** What becomes of missing directories. */
interface Missing {
  /** Whether those above the last one are made as well. */
  readonly all?: boolean | undefined
  /** Whose they are where they are not to stay with this process. */
  readonly owner?: Owner | undefined
}

/**
 * Makes the directory of a new file where it is missing. Where `make` fails, it removes what was made
 * again with the file, which nobody else can have made in a new directory.
 */
export const onDirectory = (
  file: string,
  make: (sync: () => void) => void,
  { all = false, owner }: Missing = {},
): void => {
  const made = ensure(dirname(file), all)
  try {
    if (owner !== undefined) for (const each of made) chownSync(each, owner.uid, owner.gid)
    make(() => {
      syncDirectory(file)
      for (const each of made.toReversed()) syncDirectory(each)
    })
  } catch (error) {
    if (made.length > 0 && existsSync(file)) unlinkSync(file)
    for (const each of made.toReversed()) removeIfEmpty(each)
    throw error
  }
}

/** Makes a link. Removes it on failure, for the caller does not know whether this call made it. */
export const linkTo = (file: string, to: string, owner?: Owner): void => {
  const make = (sync: () => void) => {
    symlinkSync(to, file)
    try {
      if (owner !== undefined) lchownSync(file, owner.uid, owner.gid)
      sync()
    } catch (error) {
      unlinkSync(file)
      throw error
    }
  }
  onDirectory(file, make, { owner })
}

/** Removes a link, and its directory where it was the last one there. */
export const unlinkAndSync = (file: string): void => {
  unlinkSync(file)
  syncDirectory(file)
  removeIfEmpty(dirname(file))
}
