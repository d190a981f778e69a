import {
  type Dirent,
  lchownSync,
  lstatSync,
  readdirSync,
  renameSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { errnoOf } from '../errno.ts'
import type { Owner } from '../file-owner.ts'
import { ifThere } from './if-there.ts'

/** The prefix of what is unfinished. systemd and editors ignore names that begin with it. */
const temporaryPrefix = '.#hugepool-'

/**
 * Returns a name that no other process uses, so that none renames a file that another one is still
 * writing.
 */
export const temporaryName = (file: string): string => {
  const suffix = Math.trunc(Math.random() * 2 ** 32).toString(16)
  return join(dirname(file), `${temporaryPrefix}${suffix.padStart(8, '0')}`)
}

/** Removes a directory where it is empty. */
export const removeIfEmpty = (path: string): void => {
  try {
    rmdirSync(path)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno !== 'ENOTEMPTY' && errno !== 'EEXIST') throw error
  }
}

const removeEntry = (path: string, entry?: Pick<Dirent, 'isDirectory'>): void => {
  ifThere(() => ((entry ?? lstatSync(path)).isDirectory() ? removeIfEmpty(path) : unlinkSync(path)))
}

/**
 * Removes the unfinished files, directories and links that a killed hugepool left beside a file. A
 * process that is making one at this moment, without the lock, fails at its rename and does no harm.
 */
export const removeUnfinished = (file: string): void => {
  const directory = dirname(file)
  for (const entry of readdirSync(directory, { withFileTypes: true }))
    if (entry.name.startsWith(temporaryPrefix)) removeEntry(join(directory, entry.name), entry)
}

/**
 * Makes a directory or a link under another name, gives it away, and renames it: whenever the process is killed,
 * nobody finds it with the owner it does not keep. Without an owner it is made as it is. Throws EEXIST where
 * something has that name, as what makes it does.
 */
export const makeOwned = (
  file: string,
  owner: Owner | undefined,
  make: (path: string) => void,
): void => {
  if (owner === undefined || lstatSync(file, { throwIfNoEntry: false }) !== undefined) {
    make(file)
    return
  }
  removeUnfinished(file)
  const temporary = temporaryName(file)
  make(temporary)
  try {
    lchownSync(temporary, owner.uid, owner.gid)
    renameSync(temporary, file)
  } catch (error) {
    // Another process may have taken it for one that was left.
    removeEntry(temporary)
    throw error
  }
}
