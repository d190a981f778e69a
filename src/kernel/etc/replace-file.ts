import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { refused } from '../../errors.ts'
import type { Octets } from '../../model/etc/octets.ts'
import { errnoOf } from '../errno.ts'
import { giveLike, type Owner } from '../file-owner.ts'
import { readOctets } from '../read-octets.ts'
import { ifThere } from './if-there.ts'
import { removeUnfinished, temporaryName } from './unfinished.ts'

/** The mode of a new file: everybody may read it, and root may write it. */
const usualMode = 0o644

const withDescriptor = <T>(file: string, flags: number, use: (descriptor: number) => T): T => {
  const descriptor = openSync(file, flags, 0o600)
  try {
    return use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

const checkRegular = (file: string, stat: Stats): void => {
  if (!stat.isFile()) throw refused('wrong-file', `${file} is not a regular file`)
}

/**
 * Reads a file as octets; undefined where there is none. Throws E_REFUSED where the path is not a
 * regular file.
 */
export const readRegular = (file: string): Octets | undefined =>
  ifThere(() => {
    checkRegular(file, lstatSync(file))
    return withDescriptor(file, readFlags, (descriptor) => {
      // Another file may have its name by now.
      checkRegular(file, fstatSync(descriptor))
      return readOctets(descriptor)
    })
  })

/** Makes a change of names in the directory of a file survive a loss of power. */
export const syncDirectory = (file: string): void =>
  withDescriptor(dirname(file), constants.O_RDONLY | constants.O_DIRECTORY, fsyncSync)

interface Put {
  readonly file: string
  readonly text: string
  /** The file whose owner and mode are copied; absent where `mode` and this process give them. */
  readonly like?: string
  /** The mode and the owner where there is no such file. */
  readonly mode?: number | undefined
  readonly owner?: Owner | undefined
}

/**
 * Writes a new file with the owner and mode of the file `like`, where there is one. Labels and
 * access lists are not copied: the kernel gives the new file those of its directory.
 */
const writeTemporary = (
  temporary: string,
  { text, like, mode = usualMode, owner }: Omit<Put, 'file'>,
): void => {
  const old = like === undefined ? undefined : ifThere(() => statSync(like))
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  withDescriptor(temporary, flags, (descriptor) => {
    writeFileSync(descriptor, text, 'latin1')
    const wanted = old === undefined ? mode : old.mode & 0o7777
    // vfat gives every file the mode and the owner of the mount, and refuses who asks for them (CAP_FOWNER).
    if ((fstatSync(descriptor).mode & 0o7777) !== wanted) fchmodSync(descriptor, wanted)
    const giveTo = old ?? owner
    if (giveTo !== undefined) giveLike(descriptor, giveTo, wanted)
    fsyncSync(descriptor)
  })
}

/** The error for a file that is not what was planned for. */
export const meanwhile = (file: string) =>
  refused('changed', `${file} was changed by somebody else meanwhile`, 'look at it and try again')

/** Throws E_REFUSED where a file no longer holds `before`, or is there where that is undefined. */
export const checkSame = (file: string, before: string | undefined): void => {
  if (readRegular(file) !== before) throw meanwhile(file)
}

/**
 * Renames a file over another. Throws E_REFUSED where the temporary file is gone, which only
 * another hugepool in the same directory can have removed.
 */
const renameOver = (temporary: string, file: string): void => {
  try {
    renameSync(temporary, file)
  } catch (error) {
    throw errnoOf(error) === 'ENOENT' ? meanwhile(file) : error
  }
}

/**
 * Replaces a file by one rename. `check` runs right before it and may throw; `put` is called right after
 * it: the sync of the directory, which follows, can fail as well.
 */
const putInPlace = ({ file, ...content }: Put, check: () => void, put = () => {}): void => {
  removeUnfinished(file)
  const temporary = temporaryName(file)
  try {
    writeTemporary(temporary, content)
    check()
    renameOver(temporary, file)
  } catch (error) {
    ifThere(() => unlinkSync(temporary))
    throw error
  }
  put()
  syncDirectory(file)
}

/**
 * Writes the text of a file to `backup`, with the owner and mode of the file. Throws E_REFUSED
 * where the file no longer holds `before`, and system errors.
 */
export const backUp = (file: string, before: string, backup: string): void => {
  checkSame(file, before)
  putInPlace({ file: backup, text: before, like: file }, () => {})
}

/**
 * Replaces a file, or makes it where `before` is undefined. A reader always finds either the old
 * text or the new one, also after a crash. Throws E_REFUSED where the file no longer holds
 * `before`, and system errors; in both cases no temporary file is left behind. A new file gets
 * `mode`, or 0644, and `owner`, or this process; an existing one keeps its own.
 */
export const replaceFile = (
  file: string,
  before: string | undefined,
  after: string,
  { mode, owner }: Pick<Put, 'mode' | 'owner'> = {},
): void => {
  checkSame(file, before)
  putInPlace({ file, text: after, like: file, mode, owner }, () => checkSame(file, before))
}

/**
 * Replaces a file by one that belongs to this process and has mode 0644, whatever the old one had. Calls
 * `put` where that is done, after which only the sync can fail. Throws E_REFUSED where the file no longer
 * holds `before`, and system errors.
 */
export const replaceAnew = (
  file: string,
  before: string | undefined,
  after: string,
  put?: () => void,
): void => {
  checkSame(file, before)
  putInPlace({ file, text: after }, () => checkSame(file, before), put)
}
