import { existsSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { ensureDirectory, makeSearchable } from '../ensure-directory.ts'
import { errnoOf } from '../errno.ts'
import type { Owner } from '../file-owner.ts'
import { meanwhile, syncDirectory } from './replace-file.ts'
import { makeOwned, removeIfEmpty } from './unfinished.ts'

/** What becomes of missing directories. */
interface Missing {
  /** Whether those above the last one are made as well. */
  readonly all?: boolean | undefined
  /** Whose they are where they are not to stay with this process. */
  readonly owner?: Owner | undefined
}

/** Makes a directory where it is missing, and those above it if `all`. Returns those that it made. */
const ensure = (directory: string, { all = false, owner }: Missing): readonly string[] => {
  if (existsSync(directory)) return []
  const above = all ? ensure(dirname(directory), { all, owner }) : []
  const make = (path: string) => makeOwned(path, owner, makeSearchable)
  return ensureDirectory(directory, make) ? [...above, directory] : above
}

/**
 * Makes the directory of a new file where it is missing. Where `make` fails, it removes what was made
 * again with the file, which nobody else can have made in a new directory.
 */
export const onDirectory = (
  file: string,
  make: (sync: () => void) => void,
  missing: Missing = {},
): void => {
  const made = ensure(dirname(file), missing)
  try {
    make(() => {
      syncDirectory(file)
      for (const each of made.toReversed()) syncDirectory(each)
    })
  } catch (error) {
    if (made.length > 0 && existsSync(file)) unlinkSync(file)
    for (const each of made.toReversed()) removeIfEmpty(each)
    throw error
  }
}

/** Makes a link. Removes it on failure, for the caller does not know whether this call made it. */
export const linkTo = (file: string, to: string, owner?: Owner): void => {
  const make = (sync: () => void) => {
    makeOwned(file, owner, (path) => symlinkSync(to, path))
    try {
      sync()
    } catch (error) {
      unlinkSync(file)
      throw error
    }
  }
  onDirectory(file, make, { owner })
}

/** Where a link leads; undefined for what is none. */
const targetOf = (file: string): string | undefined => {
  try {
    return readlinkSync(file)
  } catch (error) {
    if (errnoOf(error) !== 'EINVAL') throw error
    return undefined
  }
}

/**
 * Removes a link, and the directory of a unit's links where it was the last one there, as `systemctl disable`
 * does. Throws E_REFUSED where it is no link to `to` any more.
 */
export const unlinkAndSync = (file: string, to: string): void => {
  if (targetOf(file) !== to) throw meanwhile(file)
  unlinkSync(file)
  syncDirectory(file)
  if (dirname(file).endsWith('.wants')) removeIfEmpty(dirname(file))
}
