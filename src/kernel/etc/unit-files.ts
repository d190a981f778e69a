import { statSync } from 'node:fs'
import { pathPrefix } from '../../model/etc/path-parts.ts'
import { errnoOf, explain, isShortage } from '../errno.ts'
import { listIfPresent } from '../read-attribute.ts'
import { pathOnMachine } from '../root-path.ts'
import type { Tree } from '../tree.ts'
import { isThere } from './etc-files.ts'

/** Whether systemd runs here, by the test of sd_booted(3). */
export const runsSystemd = (tree: Tree): boolean => isThere(tree, '/run/systemd/system')

const nullDevice = '/dev/null'

/**
 * Whether a file masks the unit of its name. An empty file does, and so does a link to one or to a
 * device such as /dev/null (null_or_empty in src/basic/stat-util.c of systemd). A recording may
 * lack the device.
 */
export const masksUnit = (tree: Tree, path: string): boolean => {
  const found = pathOnMachine(tree.root, path)
  if (found === nullDevice) return true
  try {
    const stat = statSync(pathPrefix(tree.root) + found)
    return stat.isCharacterDevice() || (stat.isFile() && stat.size === 0)
  } catch (error) {
    if (isShortage(error)) throw explain(error, path)
    return false
  }
}

/** Returns the names of the units of mounts in a directory. */
export const mountUnitsIn = (tree: Tree, directory: string): readonly string[] =>
  listIfPresent(tree, directory).filter((name) => name.endsWith('.mount'))

/** Whether a link in one of the directories makes another unit start a unit of this name. */
export const isUnitWanted = (tree: Tree, directories: readonly string[], name: string): boolean =>
  directories.some((directory) =>
    listIfPresent(tree, directory)
      .filter((entry) => /\.(?:wants|requires|upholds)$/.test(entry))
      .some((entry) => listIfPresent(tree, `${directory}/${entry}`).includes(name)),
  )

/**
 * Returns the path without symbolic links to which a path leads. Returns undefined where that
 * cannot be found out, so that a line of fstab for a place that may not be looked into does no
 * harm.
 */
export const leadsTo = (tree: Tree, path: string): string | undefined => {
  try {
    return pathOnMachine(tree.root, path)
  } catch (error) {
    if (errnoOf(error) === undefined || isShortage(error)) throw explain(error, path)
    return undefined
  }
}
