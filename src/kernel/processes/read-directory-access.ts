import { constants, statSync } from 'node:fs'
import { pathAndAbove, pathPrefix } from '../../model/etc/path-parts.ts'
import type { DirectoryAccess } from '../../model/processes/directory-access.ts'
import { checkAccess } from '../check-access.ts'
import { errnoOf } from '../errno.ts'

/**
 * Reads the owners and permissions of a directory and of those above it, the directory first. `root` is
 * the directory that stands for `/`, such as `/proc/7/root`. Undefined where one of them cannot be
 * seen.
 */
export const directoryAccess = (
  root: string,
  path: string,
): readonly DirectoryAccess[] | undefined => {
  try {
    return pathAndAbove(path).map((each) => {
      const { uid, gid, mode } = statSync(`${pathPrefix(root)}${each}`)
      return { path: each, user: BigInt(uid), group: BigInt(gid), mode: mode & 0o777 }
    })
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}

/** Asks access(2) whether this process may make files in a directory. */
export const mayMakeFiles = (directory: string): boolean => {
  try {
    checkAccess(directory, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
