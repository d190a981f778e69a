import { architectureIn, architectureOf } from '../model/words/architecture.ts'
import { readIfReadable } from './read-attribute.ts'
import type { Tree } from './tree.ts'

/**
 * The architecture as `uname -m` prints it; undefined where nothing tells. The file exists from Linux
 * 6.1 on. Before, CPU and release tell. Nothing is asked of this process, because it may look at the
 * recording of another machine.
 */
export const readArchitecture = (tree: Tree): string | undefined =>
  readIfReadable(tree, '/proc/sys/kernel/arch')?.trim() ||
  (architectureOf(readIfReadable(tree, '/proc/cpuinfo') ?? '') ??
    architectureIn(readIfReadable(tree, '/proc/sys/kernel/osrelease')?.trim() ?? ''))
