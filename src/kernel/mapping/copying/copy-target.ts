import { type BigIntStats, constants, lstatSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { refused, usage } from '../../../errors.ts'
import { standardStream } from '../../../model/mapping/copying/copy-request.ts'
import { present } from '../../../model/words/present.ts'
import { checkAccess } from '../../check-access.ts'
import { errnoOf, explain } from '../../errno.ts'
import { heldPath, holdDirectory } from '../../held-directory.ts'
import { absolutePath } from '../../mounts/mount-point.ts'
import { pathMeanings } from '../../path-meanings.ts'
import { followLinks } from '../../trusted-path.ts'
import type { CopySource } from './copy-source.ts'

/** The place that a file is copied to. */
export interface CopyTarget {
  readonly path: string
  readonly directory: string
  /** The directory, opened with O_PATH, which is enough to ask its file system. */
  readonly descriptor: number
  /** What is there; absent where nothing is. */
  readonly stat?: BigIntStats
}

const strangeTarget = {
  ...pathMeanings,
  ENOENT: { ...pathMeanings.ENOENT, words: 'there is no such directory' },
  EACCES: {
    code: 'E_PERMISSION',
    reason: 'no-permission',
    words: 'permission denied',
    hint: 'its owner and mode decide who may make files in it',
  },
  EROFS: {
    code: 'E_PERMISSION',
    reason: 'read-only',
    words: 'the file system is read-only',
    hint: "'mount -o remount,rw' makes it writable",
  },
} as const

const statOf = (path: string): BigIntStats | undefined => {
  try {
    return lstatSync(path, { bigint: true })
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Follows a link in the last component, so that the file it leads to is replaced and not the link.
 * Throws E_REFUSED for links that root does not follow.
 */
const withoutLink = (path: string): string => {
  if (!statOf(path)?.isSymbolicLink()) return path
  try {
    return followLinks(path)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
    throw refused('wrong-file', `${path}: a symbolic link that leads nowhere`)
  }
}

/** Returns the paths of a target by the descriptor of its directory, which nobody leads elsewhere. */
export const reachOf = ({ path, descriptor }: Pick<CopyTarget, 'path' | 'descriptor'>) => ({
  path: heldPath(descriptor, basename(path)),
  directory: heldPath(descriptor),
})

/** Returns the path in a directory of a file with the name of the source. */
const within = (directory: string, source: string): string => {
  if (source === standardStream)
    throw usage(`${directory}: is a directory`, 'standard input has no name: give one')
  return withoutLink(join(directory, basename(source)))
}

/**
 * Returns the error for a path with a slash at its end, which names a directory that is not there.
 */
const notDirectory = (typed: string) => usage(`${typed}: is not a directory`, undefined, 'no-file')

/**
 * Finds where a file is to go: to the path itself, or below it where that is a directory. Throws
 * E_USAGE or E_REFUSED where no file can be there. Nothing is made.
 */
export const findCopyTarget = (typed: string, source: string): CopyTarget => {
  try {
    const named = withoutLink(absolutePath(typed))
    const isDirectory = statOf(named)?.isDirectory() === true
    if (!isDirectory && typed.endsWith('/')) throw notDirectory(typed)
    const path = isDirectory ? within(named, source) : named
    const directory = dirname(path)
    const stat = statOf(path)
    if (stat !== undefined && !stat.isFile())
      throw refused(
        'wrong-file',
        `${path}: is ${stat.isDirectory() ? 'a directory' : 'no regular file'}`,
      )
    return present({ path, directory, descriptor: holdDirectory(followLinks(directory)), stat })
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR' && typed.endsWith('/')) throw notDirectory(typed)
    throw explain(error, typed, strangeTarget)
  }
}

/** Throws E_PERMISSION where no file may be made in a directory. */
export const checkMayCreate = (directory: string): void => {
  try {
    checkAccess(directory, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw explain(error, directory, strangeTarget)
  }
}

/** Throws E_USAGE where a file would be copied to itself. */
export const checkOtherFile = ({ stat }: Pick<CopySource, 'stat'>, target: CopyTarget): void => {
  const there = target.stat
  if (stat === undefined || there?.dev !== stat.dev || there.ino !== stat.ino) return
  throw usage(`${target.path}: is the file that is to be copied`, undefined, 'wrong-file')
}
