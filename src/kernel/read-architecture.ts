import { architectureIn, architectureOf } from '../model/words/architecture.ts'
import { readIfReadable } from './read-attribute.ts'
import type { Tree } from './tree.ts'

/**
 * Reads the architecture as `uname -m` prints it; undefined where no file shows it. Linux has a
 * file for it from 6.1 on; before, /proc/cpuinfo and the name of the release show it. The
 * architecture of this process does not count: the tree may be the recording of another machine.
 */
export const readArchitecture = (tree: Tree): string | undefined =>
  readIfReadable(tree, '/proc/sys/kernel/arch')?.trim() ||
  (architectureOf(readIfReadable(tree, '/proc/cpuinfo') ?? '') ??
    architectureIn(readIfReadable(tree, '/proc/sys/kernel/osrelease')?.trim() ?? ''))
