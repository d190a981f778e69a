import { constants, rmdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { checkAccess } from '../check-access.ts'
import { makeSearchable } from '../ensure-directory.ts'
import { explain } from '../errno.ts'
import { makeOwned } from '../etc/unfinished.ts'
import { checkOwner } from '../file-owner.ts'
import { inHeldDirectory } from '../held-directory.ts'
import { ownerOfNew } from '../trusted-path.ts'

/** Directories are made on this machine alone, and by root for root: what a line of fstab mounts there is obeyed. */
const machine = { root: '/' }

/** Meanings of errors for directories, in place of the usual ones for attributes of the kernel. */
const inDirectories = {
  // ENOENT is the answer in /proc, and where the parent directory has gone meanwhile.
  ENOENT: { code: 'E_REFUSED', reason: 'no-file', words: 'no directory can be made there' },
  EPERM: {
    code: 'E_PERMISSION',
    reason: 'forbidden',
    words: 'this file system lets nobody make directories',
  },
  ENOTDIR: { code: 'E_REFUSED', reason: 'wrong-file', words: 'not a directory' },
  EROFS: { code: 'E_PERMISSION', reason: 'read-only', words: 'read-only file system' },
  EEXIST: {
    code: 'E_REFUSED',
    reason: 'changed',
    words: 'somebody else made it just now',
    hint: 'try again',
  },
} as const

/** Throws where the outermost of new directories could not be made in the one above it. */
export const checkMakeable = ([outermost]: readonly string[]): void => {
  if (outermost === undefined) return
  try {
    checkAccess(dirname(outermost), constants.W_OK | constants.X_OK)
    checkOwner(outermost, outermost, ownerOfNew(machine, outermost))
  } catch (error) {
    throw explain(error, `mkdir ${outermost}`, inDirectories)
  }
}

const makeDirectory = (path: string): void => {
  try {
    const owner = ownerOfNew(machine, path)
    if (owner !== undefined) checkMakeable([path])
    inHeldDirectory(path, (reach) => makeOwned(reach, owner, makeSearchable))
  } catch (error) {
    throw explain(error, `mkdir ${path}`, inDirectories)
  }
}

/**
 * Removes empty directories, the innermost first. One that is not empty stays, and so do those
 * above it.
 */
const removeEmpty = (paths: readonly string[]): void => {
  try {
    for (const path of paths) inHeldDirectory(path, (reach) => rmdirSync(reach))
  } catch {}
}

/** Makes directories. Returns a function that removes them again, as long as they are empty. */
export const makeDirectories = (paths: readonly string[]): (() => void) => {
  const made: string[] = []
  const undo = () => removeEmpty(made.toReversed())
  try {
    for (const path of paths) {
      makeDirectory(path)
      made.push(path)
    }
  } catch (error) {
    undo()
    throw error
  }
  return undo
}
