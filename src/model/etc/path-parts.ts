import { usage } from '../../errors.ts'
import { octets } from './octets.ts'

/** Returns the names in a path, without empty names and `.`, which do not change its meaning. */
export const pathParts = (path: string): readonly string[] =>
  path.split('/').filter((part) => part !== '' && part !== '.')

/**
 * The octets of the longest path that the kernel takes (PATH_MAX of include/uapi/linux/limits.h).
 */
const mostPathOctets = 4095

/** Returns the path. Throws E_USAGE where it is longer than the kernel takes. */
export const checkPathLength = (path: string): string => {
  const { length } = octets(path)
  if (length <= mostPathOctets) return path
  throw usage(`a path of ${length} octets is too long: the kernel takes ${mostPathOctets}`)
}

/** Returns a path and the directories above it: `/a/b`, `/a`, `/`. */
export const pathAndAbove = (path: string): readonly string[] => {
  const paths = [path]
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
    paths.push(path.slice(0, end))
  return path === '/' ? paths : [...paths, '/']
}

/** Returns the directory that the file of an absolute path lies in; that of `/` is itself. */
export const directoryAbove = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'

/** Returns the last name of a path: what follows its last slash, or all where it has none. */
export const lastName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/**
 * Returns a path with one slash in place of several that follow each other, which mean the same.
 */
export const singleSlashes = (path: string): string => path.replaceAll(/\/+/g, '/')

/** Returns a directory in the form to which an absolute path can be appended: `/` is empty. */
export const pathPrefix = (directory: string): string => directory.replace(/\/+$/, '')

/** Whether an absolute path is a directory or lies below it. */
export const isWithin = (path: string, directory: string): boolean =>
  directory === '/' || path === directory || path.startsWith(`${directory}/`)
