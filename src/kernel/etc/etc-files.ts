import { constants, lstatSync, readlinkSync, unlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { refused } from '../../errors.ts'
import type { EtcEntry } from '../../model/etc/etc-entry.ts'
import type { FileStep, Possession } from '../../model/etc/file-step.ts'
import type { Octets } from '../../model/etc/octets.ts'
import { etcRootHint } from '../../model/words/root-hint.ts'
import { checkAccess } from '../check-access.ts'
import { errnoOf, explain, type Meaning } from '../errno.ts'
import { checkOwner } from '../file-owner.ts'
import { belowRoot } from '../root-path.ts'
import type { Tree } from '../tree.ts'
import { checkRootAlone, ownerOfNew } from '../trusted-path.ts'
import { linkTo, onDirectory, unlinkAndSync } from './directory-entries.ts'
import { ifThere } from './if-there.ts'
import { backUp, checkSame, readRegular, replaceFile, syncDirectory } from './replace-file.ts'
import { seenBelow } from './seen-below.ts'
import { removeUnfinished } from './unfinished.ts'

const aDirectory = {
  code: 'E_REFUSED',
  reason: 'wrong-file',
  words: 'is a directory',
  hint: 'remove it',
} as const

/** Meanings of errors for files of the administrator, which differ from those for kernel files. */
const etcMeanings: Readonly<Record<string, Meaning>> = {
  ENOENT: { code: 'E_KERNEL', reason: 'no-file', words: 'no such file or directory' },
  EROFS: {
    code: 'E_PERMISSION',
    reason: 'read-only',
    words: 'read-only file system',
    hint: 'make /etc writable, or write it where the image of this machine is made',
  },
  EISDIR: aDirectory,
  EPERM: {
    code: 'E_PERMISSION',
    reason: 'not-root',
    words: 'operation not permitted',
    hint: etcRootHint,
  },
}

const explainEtc = <T>(root: string, path: string, act: () => T): T => {
  try {
    return act()
  } catch (error) {
    throw seenBelow(root, explain(error, path, etcMeanings))
  }
}

/** Reads a file. A symbolic link in the last component is followed: /etc/fstab may be one. */
export const readEtc = ({ root }: Tree, path: string): Octets | undefined =>
  explainEtc(root, path, () => readRegular(belowRoot(root, path)))

/** Looks at what a path itself holds. Throws E_REFUSED for what is no file and no symbolic link. */
export const etcEntryAt = ({ root }: Tree, path: string): EtcEntry =>
  explainEtc(root, path, () => {
    const file = belowRoot(root, path, true)
    const found = ifThere(() => lstatSync(file))
    if (found?.isSymbolicLink()) return { kind: 'link', to: readlinkSync(file) }
    const text = found && readRegular(file)
    return text === undefined ? { kind: 'nothing' } : { kind: 'file', text }
  })

/** Tells whose a file is, and its mode; undefined where there is none. */
export const possessionOf = ({ root }: Tree, path: string): Possession | undefined =>
  explainEtc(root, path, () => {
    const stat = lstatSync(belowRoot(root, path), { throwIfNoEntry: false })
    return stat && { mode: stat.mode & 0o7777, owner: { uid: stat.uid, gid: stat.gid } }
  })

/**
 * Whether something is at a path. A symbolic link in the last component is followed, unless
 * `keepLast` is set.
 */
export const isThere = ({ root }: Tree, path: string, keepLast = false): boolean =>
  explainEtc(root, path, () =>
    lstatSync(belowRoot(root, path, keepLast), { throwIfNoEntry: false }),
  ) !== undefined

const removeFile = (file: string, before: string): void => {
  checkSame(file, before)
  unlinkSync(file)
  syncDirectory(file)
}

const replace = (root: string, step: FileStep & { readonly do: 'replace' }): void => {
  const { path, before, after, backup, mode, parents } = step
  const file = belowRoot(root, path)
  if (backup !== undefined && before !== undefined)
    explainEtc(root, backup, () => backUp(file, before, belowRoot(root, backup, true)))
  if (before !== undefined) replaceFile(file, before, after)
  else {
    const owner = step.owner ?? ownerOfNew({ root }, path)
    const make = (sync: () => void) => {
      replaceFile(file, before, after, { mode, owner })
      sync()
    }
    onDirectory(file, make, { all: parents, owner })
  }
}

const doStep = (root: string, step: FileStep): void => {
  const at = (path: string) => belowRoot(root, path, true)
  if (step.do === 'link') linkTo(at(step.path), step.to, ownerOfNew({ root }, step.path))
  else if (step.do === 'unlink') unlinkAndSync(at(step.path), step.to)
  else if (step.do === 'remove') removeFile(at(step.path), step.before)
  else replace(root, step)
}

/** Carries out one step below the root of a tree. Throws errors that name the path of the step. */
export const carryOutFileStep = ({ root }: Tree, step: FileStep): void =>
  explainEtc(root, step.path, () => doStep(root, step))

/** Removes the backup of a file that was not changed, if it was made. */
export const removeBackup = ({ root }: Tree, backup: string): void =>
  explainEtc(root, backup, () => ifThere(() => unlinkSync(belowRoot(root, backup, true))))

/**
 * Removes the unfinished files that a killed hugepool left beside files. A system error is ignored
 * here: the step itself reports what it needs.
 */
export const removeLeftovers = ({ root }: Tree, paths: readonly string[]): void => {
  for (const path of paths)
    try {
      removeUnfinished(belowRoot(root, path))
    } catch (error) {
      if (errnoOf(error) === undefined) throw error
    }
}

/**
 * Returns the directory where it exists. Otherwise returns its parent, or with `all` the nearest
 * one above it that exists.
 */
const existing = (directory: string, all: boolean): string => {
  if (ifThere(() => lstatSync(directory)) !== undefined) return directory
  return all ? existing(dirname(directory), all) : dirname(directory)
}

/** Returns the existing directory in which a step changes a name or makes a directory. */
const directoryOf = (root: string, step: FileStep): string =>
  existing(
    dirname(belowRoot(root, step.path, step.do !== 'replace')),
    step.do === 'replace' && step.parents === true,
  )

/** The errors for a lack of permission, even where nobody has it. */
const deniedErrnos: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS']

/**
 * Throws where a directory cannot be written to. In a dry run it has to exist, and the permission
 * is not needed.
 */
const checkEtcWritable = (directory: string, dryRun: boolean): void => {
  try {
    checkAccess(directory, constants.W_OK)
  } catch (error) {
    if (!dryRun || !deniedErrnos.includes(errnoOf(error))) throw error
  }
}

const checkBackup = (root: string, path: string, dryRun: boolean): void => {
  const file = belowRoot(root, path, true)
  if (ifThere(() => lstatSync(file))?.isDirectory())
    throw refused(aDirectory.reason, `${path}: ${aDirectory.words}`, aDirectory.hint)
  checkEtcWritable(dirname(file), dryRun)
}

/** What is removed has to be given to its owner as well where a later step fails, and it is made again. */
const checkGiven = (root: string, { path, do: what }: FileStep): void =>
  explainEtc(root, path, () =>
    checkOwner(belowRoot(root, path, what !== 'replace'), path, ownerOfNew({ root }, path)),
  )

/**
 * Throws what a step would throw: E_PERMISSION for a directory that cannot be written to, and for a
 * file that cannot be given to its owner; E_REFUSED where the path of the backup is a directory,
 * or others than root can change the file: programs that root runs obey it. A dry run ignores a lack
 * of permission.
 */
export const checkFileStep = (tree: Tree, step: FileStep, dryRun: boolean): void => {
  const { root } = tree
  explainEtc(root, step.path, () => checkRootAlone(tree, step.path))
  explainEtc(root, step.path, () => checkEtcWritable(directoryOf(root, step), dryRun))
  if (!dryRun) checkGiven(root, step)
  if (step.do !== 'replace') return
  const { backup } = step
  if (backup !== undefined) explainEtc(root, backup, () => checkBackup(root, backup, dryRun))
}
