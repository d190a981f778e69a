import { lstatSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { refused, usage } from '../../errors.ts'
import { checkPathLength, pathAndAbove, pathParts } from '../../model/etc/path-parts.ts'
import type { TargetKind } from '../../model/mounts/mount-plan.ts'
import { errnoOf, explain } from '../errno.ts'
import { inCircle } from '../path-meanings.ts'
import { belowRoot } from '../root-path.ts'
import type { Tree } from '../tree.ts'
import { followLinks, trustedPath } from '../trusted-path.ts'

/** What is at the path on which a file system is to be mounted. */
export type MountPoint =
  | {
      readonly kind: 'missing'
      /** Directories to make, the outermost first. */
      readonly missing: readonly string[]
    }
  | { readonly kind: Exclude<TargetKind, 'missing'> }

/**
 * Throws E_USAGE for a path with U+FFFD in it. Node puts that in place of every byte that is not
 * UTF-8, so the path could be that of another directory than the intended one.
 */
const checkName = (path: string): string => {
  if (!path.includes('\ufffd')) return path
  throw usage(
    `${path}: is not UTF-8, or has the character U+FFFD in it`,
    'such names are not told apart: rename it',
  )
}

/**
 * Makes a typed path absolute, from the working directory. `..` stays in it: where it leads is
 * known only once the links before it are followed.
 */
export const absolutePath = (typed: string): string => {
  try {
    return checkPathLength(checkName(typed.startsWith('/') ? typed : `${resolve('.')}/${typed}`))
  } catch (error) {
    const words = 'the working directory is gone'
    throw explain(error, typed, { ENOENT: { code: 'E_USAGE', reason: 'no-file', words } })
  }
}

const machinePath = (tree: Tree, path: string): string => belowRoot(tree.root, path, true)

/** Returns the kind of a file, without following a link; undefined where nothing is there. */
const kindOf = (tree: Tree, path: string): 'link' | 'file' | 'directory' | undefined => {
  try {
    const stat = lstatSync(machinePath(tree, path))
    if (stat.isSymbolicLink()) return 'link'
    return stat.isDirectory() ? 'directory' : 'file'
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw explain(error, path, {
      ENOTDIR: { code: 'E_REFUSED', reason: 'wrong-file', words: 'not a directory' },
    })
  }
}

/** Returns the missing directories of a path. Below the first of them nothing is looked for. */
const missingFrom = (tree: Tree, path: string): readonly string[] => {
  const all = pathAndAbove(path).toReversed()
  const first = all.findIndex((each) => each !== '/' && kindOf(tree, each) === undefined)
  return first === -1 ? [] : all.slice(first)
}

const brokenLink = {
  ENOENT: { code: 'E_REFUSED', reason: 'wrong-file', words: 'a symbolic link that leads nowhere' },
  ELOOP: { code: 'E_REFUSED', reason: 'wrong-file', words: inCircle },
  ENOTDIR: { code: 'E_REFUSED', reason: 'wrong-file', words: 'not a directory' },
} as const

/**
 * Follows a symbolic link, unless root does not follow it. In a recording a link may lead to a
 * directory that was not recorded, which is not a mistake of the machine.
 */
const followed = (tree: Tree, path: string): string => {
  try {
    return tree.root === '/' ? followLinks(path) : trustedPath(tree, path)
  } catch (error) {
    throw explain(error, path, brokenLink)
  }
}

/**
 * Returns the directory that `..` behind a path leads to. Throws E_REFUSED where the path is not a
 * directory, although its text alone could be shortened.
 */
const above = (tree: Tree, path: string): string => {
  const kind = kindOf(tree, path)
  if (kind === 'directory') return dirname(path)
  throw refused(
    kind === undefined ? 'no-file' : 'wrong-file',
    `${path}: ${kind === undefined ? 'no such directory' : 'not a directory'}`,
  )
}

/**
 * Returns a path as /proc/self/mountinfo shows it. Symbolic links before the last component are
 * followed, and `..` begins where they lead, as for the kernel. Missing components are kept as they
 * are.
 */
export const realTarget = (tree: Tree, path: string): string => {
  const parts = pathParts(path)
  let real = '/'
  let isThere = true
  for (const [index, part] of parts.entries()) {
    if (part === '..') {
      real = above(tree, real)
      continue
    }
    real = join(real, part)
    if (index === parts.length - 1 || !isThere) continue
    const kind = kindOf(tree, real)
    isThere = kind !== undefined
    if (kind === 'link') real = followed(tree, real)
  }
  return checkName(real)
}

/** Looks at a mount point. Throws E_REFUSED where the path leads through what is no directory. */
export const lookAtMountPoint = (tree: Tree, path: string): MountPoint => {
  const kind = kindOf(tree, path)
  if (kind === undefined) return { kind: 'missing', missing: missingFrom(tree, path) }
  if (kind !== 'directory') return { kind }
  try {
    return { kind: readdirSync(machinePath(tree, path)).length === 0 ? 'empty' : 'full' }
  } catch (error) {
    throw explain(error, path)
  }
}
