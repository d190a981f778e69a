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
import { errnoOf } from '../../errno.ts'
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
 * Makes a file without a name, which is gone with this process, however that ends. Hugetlbfs has
 * such files from 5.10 on. Where there are none, the file gets a hidden name, which stays where
 * this process is killed. The umask applies to the mode. Tests give another `open`.
 */
export const makeNewFile = (directory: string, mode: number, open = openSync): NewFile => {
  try {
    return { descriptor: open(directory, constants.O_RDWR | temporaryFile, mode) }
  } catch (error) {
    if (!isWithoutUnnamed(error)) throw error
    const hidden = hiddenName(directory)
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL
    return { descriptor: open(hidden, flags, mode), hidden }
  }
}

/** Removes a file that has not got its name yet. */
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

/** Renames a file over another one. Where that fails, it removes the hidden name. */
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

/** The errors of link(2) on a file system without hard links. FAT answers EPERM. */
const linkless: ReadonlySet<string> = new Set([
  'EPERM',
  'EOPNOTSUPP',
  'ENOTSUP',
  'ENOSYS',
  'EMLINK',
])

/**
 * Names a file that has a hidden name. link(2) fails where the name is taken. rename(2) does not,
 * so it is called only where there are no hard links, and after a check whether the name is taken.
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

/** Gives a file its length in bytes. Parts without data are holes; on hugetlbfs these are pages. */
export const setLength = ({ descriptor }: NewFile, bytes: Bytes): void =>
  ftruncateSync(descriptor, Number(bytes))

/** The bits of a mode that are kept. S_ISUID and S_ISGID are not, because the owner is not. */
const rights = 0o777

export const rightsOf = ({ mode }: BigIntStats): number => Number(mode) & rights

/** Gives a new file the permissions of another, which the umask does not change, and its times. */
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
