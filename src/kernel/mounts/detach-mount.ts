import { lstatSync } from 'node:fs'
import { refused } from '../../errors.ts'
import { unmountRootHint } from '../../model/words/root-hint.ts'
import { errnoOf, explain } from '../errno.ts'
import type { Native } from '../native/native.ts'
import { belowRoot } from '../root-path.ts'
import { sleepFor } from '../sleep-for.ts'
import type { Tree } from '../tree.ts'
import { absolutePath, realTarget } from './mount-point.ts'

/** Flags of umount2(2), from include/linux/fs.h. */
const lazyBit = 2
const noFollowBit = 8

const umountMeanings = {
  EPERM: {
    code: 'E_PERMISSION',
    reason: 'not-root',
    words: 'operation not permitted',
    hint: unmountRootHint,
  },
  EINVAL: {
    code: 'E_KERNEL',
    reason: 'kernel',
    words: 'the kernel rejects it (EINVAL)',
    hint: 'in a user namespace only what was mounted there can be unmounted',
  },
  ENOENT: { code: 'E_UNSUPPORTED', reason: 'no-file', words: 'no such directory' },
} as const

/** Where a program only looks at a mount, as by statfs(2), it is busy for less than this, in milliseconds. */
const lookPause = 10
const mostTries = 3

const detachOnce = (native: Native, target: string, lazy: boolean): boolean => {
  try {
    native.umount(target, noFollowBit | (lazy ? lazyBit : 0))
    return true
  } catch (error) {
    if (errnoOf(error) === 'EBUSY') return false
    throw explain(error, target, umountMeanings)
  }
}

/**
 * Detaches the topmost mount on a path, and does not follow a symbolic link. Returns false where
 * the mount is busy and stays so, and throws where the kernel refuses for another reason.
 */
export const detach = (
  native: Native,
  target: string,
  lazy: boolean,
  pause: () => void = () => sleepFor(lookPause),
): boolean => {
  for (let tries = 1; tries < mostTries; tries += 1) {
    if (detachOnce(native, target, lazy)) return true
    pause()
  }
  return detachOnce(native, target, lazy)
}

const isLink = (tree: Tree, path: string): boolean => {
  try {
    return lstatSync(belowRoot(tree.root, path, true)).isSymbolicLink()
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return false
    throw explain(error, path)
  }
}

/**
 * Returns the typed path as mountinfo shows it: absolute, with symbolic links above the last
 * component followed. Throws E_REFUSED where the last component is a symbolic link itself.
 */
export const unmountPath = (tree: Tree, typed: string): string => {
  const path = realTarget(tree, absolutePath(typed))
  if (isLink(tree, path))
    throw refused(
      'wrong-file',
      `${path}: is a symbolic link`,
      'name the directory that it leads to',
    )
  return path
}
