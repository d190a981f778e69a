import { lstatSync, readlinkSync } from 'node:fs'
import { refused } from '../errors.ts'
import { pathParts, pathPrefix } from '../model/etc/path-parts.ts'
import { errnoOf } from './errno.ts'

/** MAXSYMLINKS of the kernel (include/linux/namei.h). */
const mostLinks = 40

type OnLink = (link: string) => void

/**
 * Returns the target of a symbolic link; undefined where the file is missing or is not a link.
 * lstat(2) comes first, because most files are no links, and an error of readlink(2) takes much
 * longer. `onLink` may throw before the link is read.
 */
const linkAt = (prefix: string, path: string, onLink?: OnLink): string | undefined => {
  const file = prefix + path
  try {
    const stat = lstatSync(file, { throwIfNoEntry: false })
    if (!stat?.isSymbolicLink()) return undefined
    onLink?.(path)
    return readlinkSync(file)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'EINVAL' || errno === 'ENOENT' || errno === 'ENOTDIR') return undefined
    throw error
  }
}

interface Walk {
  readonly prefix: string
  readonly keepLast: boolean
  readonly links: number
  /** Called with the path of each link on the machine before it is read. */
  readonly onLink?: OnLink | undefined
}

/**
 * Walks on along `parts` from the directory `from`, a path on the machine; that of `/` is empty.
 */
const walk = (on: Walk, from: string, parts: readonly string[]): string => {
  let done = from
  for (const [index, name] of parts.entries()) {
    if (name === '..') {
      done = done.slice(0, Math.max(0, done.lastIndexOf('/')))
      continue
    }
    const here = `${done}/${name}`
    const kept = on.keepLast && index === parts.length - 1
    const link = kept ? undefined : linkAt(on.prefix, here, on.onLink)
    if (link !== undefined) {
      if (on.links === mostLinks) throw refused('wrong-file', `${here}: too many symbolic links`)
      const start = link.startsWith('/') ? '' : done
      const rest = [...pathParts(link), ...parts.slice(index + 1)]
      return walk({ ...on, links: on.links + 1 }, start, rest)
    }
    done = here
  }
  return done
}

/**
 * Returns the path without symbolic links to which a path leads on the machine below `root`. An
 * absolute link there starts at `root` and not at `/`, and `..` does not lead above `root`. Missing
 * components are kept as they are. With `keepLast` the last component is not followed. Throws what
 * lstat(2) throws, and E_REFUSED for more than 40 links.
 */
export const pathOnMachine = (
  root: string,
  path: string,
  keepLast = false,
  onLink?: OnLink,
): string =>
  walk({ prefix: pathPrefix(root), keepLast, links: 0, onLink }, '', pathParts(path)) || '/'

/**
 * Returns the file to which a path leads on the machine below `root`. All files of a recorded
 * machine are found by this function, so that none outside of it is ever reached.
 */
export const belowRoot = (root: string, path: string, keepLast = false): string =>
  pathPrefix(root) + pathOnMachine(root, path, keepLast)

/** Finds paths as `pathOnMachine` does; that of `/` is empty. Each is looked at only once. */
const knownPaths = (root: string): ((path: string) => string) => {
  const on = { prefix: pathPrefix(root), keepLast: false, links: 0 }
  const known = new Map([['', '']])
  // A path is cut without node:path: V8 would optimize its functions, which takes 20 ms here.
  const pathAt = (path: string): string => {
    const before = known.get(path)
    if (before !== undefined) return before
    const end = path.lastIndexOf('/')
    const found = walk(on, pathAt(path.slice(0, end)), pathParts(path.slice(end)))
    known.set(path, found)
    return found
  }
  return pathAt
}

/**
 * Finds files as `belowRoot` does with `keepLast`, and looks at every directory only once. This is
 * for sysfs, whose directories stay what they are: a machine of many nodes has a thousand
 * attributes.
 */
export const directoriesFinder = (root: string): ((path: string) => string) => {
  const prefix = pathPrefix(root)
  const directoryAt = knownPaths(root)
  return (path) => {
    const end = path.lastIndexOf('/')
    return prefix + directoryAt(path.slice(0, end)) + path.slice(end)
  }
}

/**
 * Finds files by absolute paths as `belowRoot` does, and looks at every path only once: for one
 * pass over many files of the same directories.
 */
export const filesFinder = (root: string): ((path: string) => string) => {
  const prefix = pathPrefix(root)
  const pathAt = knownPaths(root)
  return (path) => prefix + (pathAt(path) || '/')
}
