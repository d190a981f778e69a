import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  readlinkSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { refused } from '../../errors.ts'
import type { EtcEntry } from '../../model/etc/etc-entry.ts'
import type { FileStep } from '../../model/etc/file-step.ts'
import { errnoOf, explain, type Meaning } from '../errno.ts'
import type { Tree } from '../tree.ts'
import {
  backUp,
  checkSame,
  ifThere,
  readRegular,
  removeUnfinished,
  replaceFile,
  syncDirectory,
} from './replace-file.ts'
import { belowRoot } from './root-path.ts'

const aDirectory = { code: 'E_REFUSED', words: 'is a directory', hint: 'remove it' } as const

/** Files of the administrator, where errors mean something else than those of the kernel's files. */
const etcMeanings: Readonly<Record<string, Meaning>> = {
  ENOENT: { code: 'E_KERNEL', words: 'no such file or directory' },
  EROFS: {
    code: 'E_PERMISSION',
    words: 'read-only file system',
    hint: 'make /etc writable, or write it where the image of this machine is made',
  },
  EISDIR: aDirectory,
  EPERM: {
    code: 'E_PERMISSION',
    words: 'operation not permitted',
    hint: 'run it as root; if root may not either, see lsattr(1)',
  },
}

const explainEtc = <T>(path: string, act: () => T): T => {
  try {
    return act()
  } catch (error) {
    throw explain(error, path, etcMeanings)
  }
}

/** A link in a last component is followed, as that of /etc/fstab may be. */
export const readEtc = ({ root }: Tree, path: string): string | undefined =>
  explainEtc(path, () => readRegular(belowRoot(root, path)))

export const etcEntryAt = ({ root }: Tree, path: string): EtcEntry =>
  explainEtc(path, () => {
    const file = belowRoot(root, path, true)
    const found = ifThere(() => lstatSync(file))
    if (found?.isSymbolicLink()) return { kind: 'link', to: readlinkSync(file) }
    const text = found && readRegular(file)
    return text === undefined ? { kind: 'nothing' } : { kind: 'file', text }
  })

/** A link in the last component is followed, unless it is the name that counts. */
export const isThere = ({ root }: Tree, path: string, keepLast = false): boolean =>
  explainEtc(path, () => ifThere(() => lstatSync(belowRoot(root, path, keepLast)))) !== undefined

/** Whether it had to be made. */
const makeEtcDirectory = (directory: string): boolean => {
  try {
    mkdirSync(directory, 0o755)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
}

/** `systemctl disable` removes a directory of links with its last link too. */
const removeIfEmpty = (directory: string): void => {
  try {
    rmdirSync(directory)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno !== 'ENOTEMPTY' && errno !== 'EEXIST') throw error
  }
}

/** On failure what was made goes again: whether a link that is there is this one shows here only. */
const link = (file: string, to: string): void => {
  const directory = dirname(file)
  const made = makeEtcDirectory(directory)
  try {
    symlinkSync(to, file)
    try {
      syncDirectory(file)
      if (made) syncDirectory(directory)
    } catch (error) {
      unlinkSync(file)
      throw error
    }
  } catch (error) {
    if (made) removeIfEmpty(directory)
    throw error
  }
}

const unlink = (file: string): void => {
  unlinkSync(file)
  syncDirectory(file)
  removeIfEmpty(dirname(file))
}

const removeFile = (file: string, before: string): void => {
  checkSame(file, before)
  unlinkSync(file)
  syncDirectory(file)
}

const replace = (root: string, step: FileStep & { readonly do: 'replace' }): void => {
  const { path, before, after, backup } = step
  const file = belowRoot(root, path)
  if (backup !== undefined && before !== undefined)
    explainEtc(backup, () => backUp(file, before, belowRoot(root, backup, true)))
  replaceFile(file, before, after)
}

const doStep = (root: string, step: FileStep): void => {
  const at = (path: string) => belowRoot(root, path, true)
  if (step.do === 'link') link(at(step.path), step.to)
  else if (step.do === 'unlink') unlink(at(step.path))
  else if (step.do === 'remove') removeFile(at(step.path), step.before)
  else replace(root, step)
}

/** Carries out one step below the root of a tree; throws errors that name the path of the step. */
export const carryOutFileStep = ({ root }: Tree, step: FileStep): void =>
  explainEtc(step.path, () => doStep(root, step))

/**
 * Removes what a hugepool that was killed has left in the making beside files. Where that cannot be,
 * it is no reason to fail: what a step needs is said by the step.
 */
export const removeLeftovers = ({ root }: Tree, paths: readonly string[]): void => {
  for (const path of paths)
    try {
      removeUnfinished(belowRoot(root, path))
    } catch (error) {
      if (errnoOf(error) === undefined) throw error
    }
}

/** The directory in which a step changes a name, or the one above where that is still to be made. */
const directoryOf = (root: string, step: FileStep): string => {
  const directory = dirname(belowRoot(root, step.path, step.do !== 'replace'))
  return ifThere(() => lstatSync(directory)) === undefined ? dirname(directory) : directory
}

/** `byAnybody` asks only whether it can be written at all, not whether the caller may. */
const checkEtcWritable = (directory: string, byAnybody: boolean): void => {
  try {
    accessSync(directory, constants.W_OK)
  } catch (error) {
    if (!byAnybody || errnoOf(error) !== 'EACCES') throw error
  }
}

const checkBackup = (root: string, path: string, byAnybody: boolean): void => {
  const file = belowRoot(root, path, true)
  if (ifThere(() => lstatSync(file))?.isDirectory())
    throw refused(`${path}: ${aDirectory.words}`, aDirectory.hint)
  checkEtcWritable(dirname(file), byAnybody)
}

/**
 * Throws where a step would: EACCES, EROFS, or because of a directory in place of the backup. For a
 * dry run, which needs no privilege, EACCES is none.
 */
export const checkFileStep = ({ root }: Tree, step: FileStep, dryRun: boolean): void => {
  explainEtc(step.path, () => checkEtcWritable(directoryOf(root, step), dryRun))
  const backup = step.do === 'replace' ? step.backup : undefined
  if (backup !== undefined) explainEtc(backup, () => checkBackup(root, backup, dryRun))
}
