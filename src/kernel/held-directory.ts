import { constants, existsSync, lstatSync, openSync } from 'node:fs'
import { refused } from '../errors.ts'
import { directoryAbove, lastName, pathParts } from '../model/etc/path-parts.ts'
import { errnoOf, explain } from './errno.ts'
import { missingProc } from './missing-proc.ts'
import { release } from './release-descriptor.ts'

/**
 * O_PATH of include/uapi/asm-generic/fcntl.h, which Node does not name. It opens a file without an
 * effect on it, and needs no permission to read a directory. The number differs on alpha, parisc and
 * sparc, for which there is no Node.
 */
export const pathOnly = 0o10000000
const flags = pathOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW

/** Returns the path by which an open directory, or a name in it, is found wherever it is moved to. */
export const heldPath = (descriptor: number, name?: string): string =>
  name === undefined ? `/proc/self/fd/${descriptor}` : `/proc/self/fd/${descriptor}/${name}`

const openNext = (above: number, name: string, path: string): number => {
  const file = heldPath(above, name)
  try {
    return openSync(file, flags)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' && !existsSync(heldPath(above)))
      throw explain(error, heldPath(above), missingProc)
    const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true
    if (errnoOf(error) !== 'ENOTDIR' || !isLink) throw error
    throw refused(
      'changed',
      `${path}: leads through a symbolic link by now`,
      'somebody changed it just now: look at it and try again',
    )
  }
}

/**
 * Opens the directory of a path whose links were followed before, and follows none, as openat2(2)
 * does with RESOLVE_NO_SYMLINKS, which the kernel has since 5.6 alone. Who may rename directories on
 * the way cannot lead it elsewhere. Returns a descriptor that is good for a path only. Throws
 * E_REFUSED where a link is on the way by now, E_UNSUPPORTED without /proc, and system errors.
 */
export const holdDirectory = (path: string): number => {
  let held = openSync('/', flags)
  for (const name of pathParts(path)) {
    const above = held
    try {
      held = openNext(above, name, path)
    } finally {
      release(above)
    }
  }
  return held
}

/**
 * Holds the directory of a file, and does something to the file by the path `reach`, which leads
 * into that directory whatever becomes of its name meanwhile. A link in the last component is left
 * to what is done. Throws what `holdDirectory` does.
 */
export const inHeldDirectory = <T>(file: string, act: (reach: string) => T): T => {
  const held = holdDirectory(directoryAbove(file))
  try {
    return act(heldPath(held, lastName(file) || '.'))
  } finally {
    release(held)
  }
}
