import { type BigIntStats, constants, fstatSync, lstatSync, openSync, unlinkSync } from 'node:fs'
import { asideName } from '../../../model/processes/files/aside-name.ts'
import type { LeftReason } from '../../../model/processes/files/removal.ts'
import { deviceIn, type FileKey, inodeIn } from '../../../model/processes/who/page-hold.ts'
import { errnoOf, isShortage } from '../../errno.ts'
import type { Native } from '../../native/native.ts'
import { release } from '../../release-descriptor.ts'
import { hexDevice } from '../scan/huge-devices.ts'

/** Operations of flock(2), from include/uapi/asm-generic/fcntl.h. */
const lockExclusive = 2
const lockNonBlocking = 4

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = constants

/** A file that was renamed, so that nobody finds it by its name. */
export interface AsideName {
  readonly key: FileKey
  readonly name: string
  readonly aside: string
}

/** A file that was renamed and that we have locked. */
export interface AsideFile extends AsideName {
  readonly descriptor: number
}

/** The key of a file that was looked at. */
const statKey = ({ dev, ino }: BigIntStats): FileKey => `${hexDevice(dev)}:${ino}`

/** Why a file cannot be set aside. */
export type LeftAlone = Extract<
  LeftReason,
  'changed' | 'used' | 'long-name' | 'no-permission' | 'read-only'
>

const inDirectory = (directory: number, name: string): string =>
  `/proc/self/fd/${directory}/${name}`

/** Runs `call`, and returns the errno with which it failed. Throws where descriptors are lacking. */
const errnoIn = (call: () => void): string | undefined => {
  try {
    call()
    return undefined
  } catch (error) {
    const errno = errnoOf(error)
    // Where somebody has a lease, open(2) answers EAGAIN, which says something of this file.
    if (errno === undefined || (errno !== 'EAGAIN' && isShortage(error))) throw error
    return errno
  }
}

const locks = (native: Native, descriptor: number): boolean => {
  try {
    native.flock(descriptor, lockExclusive | lockNonBlocking)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EAGAIN') return false
    release(descriptor)
    throw error
  }
}

const reasonFor: Readonly<Record<string, LeftAlone>> = {
  EACCES: 'no-permission',
  EPERM: 'no-permission',
  // Somebody has a lease of it.
  EAGAIN: 'used',
  EROFS: 'read-only',
}

/** Why a directory cannot be worked in. */
export type ClosedDirectory = LeftAlone | 'directory-locked'

/** A directory that only a descriptor leads to is itself named by a link of procfs. */
const withoutLink = (path: string): string =>
  /^\/proc\/\d+\/fd\/\d+$/.test(path) ? `${path}/.` : path

/**
 * Opens a directory and locks it, as DPDK does while it makes its files
 * (lib/eal/linux/eal_hugepage_info.c). Returns why not where somebody has the lock, or the directory
 * is another one by now or has gone, as with its file system.
 */
export const openLocked = (
  native: Native,
  path: string,
  key: FileKey,
): number | ClosedDirectory => {
  let descriptor = -1
  const errno = errnoIn(() => {
    descriptor = openSync(withoutLink(path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  })
  if (errno !== undefined) return reasonFor[errno] ?? 'changed'
  const same = hexDevice(fstatSync(descriptor, { bigint: true }).dev) === deviceIn(key)
  if (same && locks(native, descriptor)) return descriptor
  release(descriptor)
  return same ? 'directory-locked' : 'changed'
}

const openSame = (directory: number, name: string, key: FileKey): number | LeftAlone => {
  let descriptor = -1
  const errno = errnoIn(() => {
    descriptor = openSync(inDirectory(directory, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  })
  if (errno !== undefined) return reasonFor[errno] ?? 'changed'
  const found = fstatSync(descriptor, { bigint: true })
  if (statKey(found) === key && found.nlink === 1n) return descriptor
  release(descriptor)
  return 'changed'
}

/** Tells whether the name of a file that was set aside leads to it. */
const hasName = (directory: number, { aside, key }: AsideName): boolean => {
  const found = lstatSync(inDirectory(directory, aside), { bigint: true, throwIfNoEntry: false })
  return found !== undefined && statKey(found) === key
}

/** Gives a file its name again. Returns why not, where another file has it meanwhile, for one. */
export const giveBack = (
  native: Native,
  directory: number,
  file: AsideFile,
): 'name-taken' | 'name-lost' | undefined => {
  const errno = errnoIn(() => native.rename(directory, file.aside, file.name))
  release(file.descriptor)
  if (errno === undefined) return undefined
  return errno === 'EEXIST' ? 'name-taken' : 'name-lost'
}

/** Gives a file that was left under another name the one that it had; false where it cannot be. */
export const renameBack = (native: Native, directory: number, file: AsideName): boolean =>
  hasName(directory, file) &&
  errnoIn(() => native.rename(directory, file.aside, file.name)) === undefined

const renamed = (native: Native, directory: number, file: AsideFile): AsideFile | LeftAlone => {
  const errno = errnoIn(() => native.rename(directory, file.name, file.aside))
  if (errno !== undefined) {
    release(file.descriptor)
    return reasonFor[errno] ?? 'changed'
  }
  let isOurs = false
  try {
    isOurs = hasName(directory, file)
    // Somebody may have put another file in its place between both calls.
    return isOurs ? file : 'changed'
  } finally {
    if (!isOurs) giveBack(native, directory, file)
  }
}

/**
 * Opens a file of a directory, locks it and renames it, so that who opens it from now on does not
 * find it. Nothing is changed where it is another file by now or somebody has locked it.
 */
export const setAside = (
  native: Native,
  directory: number,
  name: string,
  key: FileKey,
): AsideFile | LeftAlone => {
  const aside = asideName(name, inodeIn(key))
  if (aside === undefined) return 'long-name'
  const descriptor = openSame(directory, name, key)
  if (typeof descriptor !== 'number') return descriptor
  if (locks(native, descriptor)) return renamed(native, directory, { key, descriptor, name, aside })
  release(descriptor)
  return 'used'
}

/**
 * Removes a file that was set aside. Returns why it is still there where somebody has moved it
 * meanwhile or the kernel refuses it.
 */
export const removeAside = (directory: number, file: AsideFile): LeftAlone | undefined => {
  if (!hasName(directory, file)) return 'changed'
  const errno = errnoIn(() => unlinkSync(inDirectory(directory, file.aside)))
  if (errno === undefined) release(file.descriptor)
  return errno === undefined ? undefined : (reasonFor[errno] ?? 'no-permission')
}
