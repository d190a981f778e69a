import { lstatSync, mkdirSync, readdirSync, realpathSync, rmdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { refused, usage } from '../../errors.ts'
import { pathParts } from '../../model/etc/path-parts.ts'
import { errnoOf, explain } from '../errno.ts'
import type { Tree } from '../tree.ts'

/** What a path is that something is to be mounted on. */
export type MountPoint =
  | {
      readonly kind: 'missing' /** Directories to make, the outermost first. */
      readonly missing: readonly string[]
    }
  | { readonly kind: 'link' | 'file' | 'empty' | 'full' }

/**
 * Node makes U+FFFD of every byte that is not UTF-8, on the command line and in the names of
 * directories: such a word would name another directory than the one that is meant.
 */
const checkName = (path: string): string => {
  if (!path.includes('\ufffd')) return path
  throw usage(
    `${path}: is not UTF-8, or has the character U+FFFD in it`,
    'such names are not told apart: rename it',
  )
}

/**
 * A path as typed, from the working directory. `..` stays: what it leads to can only be said once
 * the links before it are followed.
 */
export const absolutePath = (typed: string): string => {
  try {
    return checkName(typed.startsWith('/') ? typed : `${resolve('.')}/${typed}`)
  } catch (error) {
    const words = 'the working directory is gone'
    throw explain(error, typed, { ENOENT: { code: 'E_USAGE', words } })
  }
}

const below = (tree: Tree, path: string): string => join(tree.root, path)

/** Undefined where nothing is there. */
const kindOf = (file: string): 'link' | 'file' | 'directory' | undefined => {
  try {
    const stat = lstatSync(file)
    if (stat.isSymbolicLink()) return 'link'
    return stat.isDirectory() ? 'directory' : 'file'
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw explain(error, file, { ENOTDIR: { code: 'E_REFUSED', words: 'not a directory' } })
  }
}

const missingFrom = (tree: Tree, path: string): readonly string[] =>
  path === '/' || kindOf(below(tree, path)) !== undefined
    ? []
    : [...missingFrom(tree, dirname(path)), path]

const brokenLink = {
  ENOENT: { code: 'E_REFUSED', words: 'a symbolic link that leads nowhere' },
  ELOOP: { code: 'E_REFUSED', words: 'symbolic links that lead in a circle' },
  ENOTDIR: { code: 'E_REFUSED', words: 'not a directory' },
} as const

/** On a recorded machine a link is taken for a directory, for it would lead out of the recording. */
const realDirectory = (tree: Tree, path: string): string => {
  if (tree.root !== '/' || kindOf(path) !== 'link') return path
  try {
    // The other realpathSync follows links by their names, and those may not be UTF-8.
    return realpathSync.native(path)
  } catch (error) {
    throw explain(error, path, brokenLink)
  }
}

/** `..` of what is no directory leads nowhere, however the text might be shortened. */
const above = (tree: Tree, path: string): string => {
  const kind = kindOf(below(tree, path))
  if (kind === 'directory') return dirname(path)
  const words = {
    link: "'..' after a symbolic link of a recorded machine",
    file: 'not a directory',
  }
  throw refused(`${path}: ${kind === undefined ? 'no such directory' : words[kind]}`)
}

/**
 * The path as /proc/self/mountinfo has it: symbolic links before the last component followed, and
 * `..` taken from where they lead to, as the kernel does. Those that are missing stay as they are.
 */
export const realTarget = (tree: Tree, path: string): string => {
  const parts = pathParts(path)
  const step = (from: string, part: string, index: number): string => {
    if (part === '..') return above(tree, from)
    const next = join(from, part)
    return index === parts.length - 1 ? next : realDirectory(tree, next)
  }
  return checkName(parts.reduce(step, '/'))
}

export const lookAtMountPoint = (tree: Tree, path: string): MountPoint => {
  const file = below(tree, path)
  const kind = kindOf(file)
  if (kind === undefined) return { kind: 'missing', missing: missingFrom(tree, path) }
  if (kind !== 'directory') return { kind }
  try {
    return { kind: readdirSync(file).length === 0 ? 'empty' : 'full' }
  } catch (error) {
    throw explain(error, path)
  }
}

/** Nothing here is an attribute of the kernel, of which the usual words speak. */
const inDirectories = {
  // As in /proc, and where the directory above it has gone meanwhile.
  ENOENT: { code: 'E_REFUSED', words: 'no directory can be made there' },
  EPERM: { code: 'E_PERMISSION', words: 'this file system lets nobody make directories' },
  ENOTDIR: { code: 'E_REFUSED', words: 'not a directory' },
  EROFS: { code: 'E_PERMISSION', words: 'read-only file system' },
  EEXIST: { code: 'E_REFUSED', words: 'somebody else made it just now', hint: 'try again' },
} as const

const makeDirectory = (path: string): void => {
  try {
    mkdirSync(path)
  } catch (error) {
    throw explain(error, `mkdir ${path}`, inDirectories)
  }
}

/** One into which somebody has put something meanwhile stays, and those above it. */
const removeEmpty = (paths: readonly string[]): void => {
  try {
    for (const path of paths) rmdirSync(path)
  } catch {}
}

/** Makes directories and says how to take them away again, as long as they are empty. */
export const makeDirectories = (paths: readonly string[]): (() => void) => {
  const made: string[] = []
  const undo = () => removeEmpty(made.toReversed())
  try {
    for (const path of paths) {
      makeDirectory(path)
      made.push(path)
    }
  } catch (error) {
    undo()
    throw error
  }
  return undo
}
