import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  unlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Bytes } from '../../../model/words/bytes.ts'
import { errnoOf, explain, type Meaning } from '../../errno.ts'
import type { Native } from '../../native/native.ts'
import { isWithoutUnnamed, temporaryFile } from '../mapper.ts'

/** A file that is written before anybody can see it under its name. */
export interface NewFile {
  readonly descriptor: number
  /** A hidden name, where the file system has no files without one (O_TMPFILE). */
  readonly hidden?: string
}

const hiddenName = (directory: string): string =>
  join(directory, `.hugepool-${Math.trunc(Math.random() * 2 ** 48).toString(16)}`)

/**
 * Makes a file without a name, which is gone with this process, however that ends. On hugetlbfs it
 * takes 5.10. Elsewhere a hidden name serves, which a kill leaves behind. The umask applies to the
 * mode.
 */
export const makeNewFile = (directory: string, mode: number): NewFile => {
  try {
    return { descriptor: openSync(directory, constants.O_RDWR | temporaryFile, mode) }
  } catch (error) {
    if (!isWithoutUnnamed(error)) throw error
    const hidden = hiddenName(directory)
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL
    return { descriptor: openSync(hidden, flags, mode), hidden }
  }
}

/** Removes a file that has no name of its own yet. */
export const discardNewFile = ({ descriptor, hidden }: NewFile): void => {
  closeSync(descriptor)
  if (hidden !== undefined) unlinkIfThere(hidden)
}

const unlinkIfThere = (path: string): void => {
  try {
    unlinkSync(path)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
}

/** Renames a file over another one. The hidden name goes where that fails. */
const renameOver = (hidden: string, path: string): void => {
  try {
    renameSync(hidden, path)
  } catch (error) {
    unlinkIfThere(hidden)
    throw error
  }
}

const isTaken = (path: string): boolean => {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}

/** Errnos of link(2) where the file system has no hard links (FAT answers EPERM). */
const linkless: ReadonlySet<string> = new Set([
  'EPERM',
  'EOPNOTSUPP',
  'ENOTSUP',
  'ENOSYS',
  'EMLINK',
])

/**
 * Names a file that has a hidden name. link(2) fails where the name is taken; rename(2) does not, so
 * it serves only where there are no hard links, and after a look.
 */
const nameHidden = (hidden: string, path: string): void => {
  try {
    linkSync(hidden, path)
  } catch (error) {
    if (!linkless.has(errnoOf(error) ?? '') || isTaken(path)) throw error
    renameOver(hidden, path)
  }
  unlinkIfThere(hidden)
}

/**
 * Gives an unnamed file a name that another file has. link(2) replaces nothing, so the file has a
 * hidden name for the moment between two calls.
 */
const replaceUnnamed = (native: Native, descriptor: number, path: string, directory: string) => {
  const hidden = hiddenName(directory)
  native.linkDescriptor(descriptor, hidden)
  renameOver(hidden, path)
}

/** Gives a file its length. Where it has no data, it has holes. On hugetlbfs these are whole pages. */
export const setLength = ({ descriptor }: NewFile, bytes: Bytes): void =>
  ftruncateSync(descriptor, Number(bytes))

/** The bits of a mode that give rights. What gives those of the owner is not kept: he is not. */
const rights = 0o777

export const rightsOf = ({ mode }: BigIntStats): number => Number(mode) & rights

/** Keeps the mode of a file, which the umask does not change, and its times. */
export const keepModeAndTimes = (
  native: Native,
  { descriptor }: NewFile,
  stat: BigIntStats,
): void => {
  fchmodSync(descriptor, rightsOf(stat))
  native.setTimes(descriptor, stat.atimeNs, stat.mtimeNs)
}

/** Where a file gets its name, and whether it may take that of another. */
export interface NewName {
  readonly path: string
  readonly directory: string
  readonly replaces: boolean
}

/** Gives a file its name, at once and whole. Throws EEXIST where another has it. */
export const giveName = (
  native: Native,
  { descriptor, hidden }: NewFile,
  { path, directory, replaces }: NewName,
): void => {
  if (hidden === undefined) {
    if (replaces) replaceUnnamed(native, descriptor, path, directory)
    else native.linkDescriptor(descriptor, path)
  } else if (replaces) renameOver(hidden, path)
  else nameHidden(hidden, path)
}

const inNewFiles: Readonly<Record<string, Meaning>> = {
  ENOENT: { code: 'E_REFUSED', reason: 'changed', words: 'its directory has gone meanwhile' },
  EEXIST: {
    code: 'E_REFUSED',
    reason: 'exists',
    words: 'somebody else made it meanwhile; nothing was left behind',
    hint: '--force replaces it',
  },
  EACCES: {
    code: 'E_PERMISSION',
    reason: 'no-permission',
    words: 'permission denied',
    hint: 'the owner and mode of the directory decide who may make files in it',
  },
  EPERM: {
    code: 'E_PERMISSION',
    reason: 'no-permission',
    words: 'the directory lets only the owner of a file replace it',
  },
  EROFS: { code: 'E_PERMISSION', reason: 'read-only', words: 'read-only file system' },
  ENOSPC: {
    code: 'E_KERNEL',
    reason: 'limit',
    words: 'no space left on device (ENOSPC); nothing was left behind',
  },
  EDQUOT: {
    code: 'E_KERNEL',
    reason: 'limit',
    words: 'the disk quota is used up (EDQUOT); nothing was left behind',
  },
  EFBIG: {
    code: 'E_KERNEL',
    reason: 'limit',
    words: 'the file would be too large (EFBIG)',
    hint: "'ulimit -f' is the limit of this shell",
  },
}

/** A new file of hugetlbfs has no page yet: what is used up is the number of files (nr_inodes). */
const noInode = {
  ENOSPC: {
    code: 'E_KERNEL',
    reason: 'limit',
    words: 'the mount may hold no more files (ENOSPC)',
    hint: "'hugepool mounts -o TARGET,INODES,FILES' shows how many it may hold",
  },
} as const

/** Puts an error of making a file on hugetlbfs into words. */
export const explainHugeFile = (error: unknown, path: string): unknown =>
  explain(error, path, { ...inNewFiles, ...noInode })

/** Puts an error of making, filling or naming a file into words. */
export const explainNewFile = (error: unknown, path: string): unknown =>
  explain(error, path, inNewFiles)
