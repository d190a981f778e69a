import { statSync } from 'node:fs'
import type { Words } from './cli/command.ts'
import { sysrootOption } from './cli/options/option.ts'
import { usage } from './errors.ts'
import { explain } from './kernel/errno.ts'
import { directoryMeanings } from './kernel/path-meanings.ts'
import { directoryTree, type Tree } from './kernel/tree.ts'

/**
 * Returns the tree below --sysroot, or `usual`. Throws E_USAGE where there is no such directory.
 */
export const treeAsked = ({ values }: Words, usual: Tree = directoryTree('/')): Tree => {
  const directory = values[sysrootOption.name]
  if (directory === undefined) return usual
  try {
    if (statSync(directory).isDirectory()) return directoryTree(directory)
  } catch (error) {
    throw explain(error, directory, directoryMeanings)
  }
  throw usage(`${directory}: not a directory`, undefined, 'wrong-file')
}
