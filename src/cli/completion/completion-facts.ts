import { settingsOf } from '../../kernel/config/tuned-files.ts'
import { knownGroups, knownUsers } from '../../kernel/etc/passwd-and-group.ts'
import { readMountPoints } from '../../kernel/mounts/hugetlbfs-mounts.ts'
import { readMeminfo } from '../../kernel/pools/meminfo.ts'
import { readNodeIds } from '../../kernel/pools/nodes.ts'
import { readPageSizes } from '../../kernel/pools/pools.ts'
import { groupDirectories } from '../../kernel/processes/full-cgroups.ts'
import { readHugeUsers } from '../../kernel/processes/huge-users.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { CompletionFacts } from './candidates.ts'

const orElse = <T>(otherwise: T, read: () => T): T => {
  try {
    return read()
  } catch {
    return otherwise
  }
}

/**
 * Makes the questions that completion may ask of a machine. Where something cannot be read, nothing
 * is offered.
 */
export const completionFacts = (tree: Tree): CompletionFacts => ({
  sizes: () => orElse([], () => readPageSizes(tree)),
  defaultSize: () => orElse(undefined, () => readMeminfo(tree).get('Hugepagesize')),
  nodes: () => orElse([], () => readNodeIds(tree)),
  mounts: () => orElse([], () => readMountPoints(tree)),
  holders: () => orElse([], () => readHugeUsers(tree, undefined)),
  settings: () => orElse([], () => settingsOf(tree)),
  users: () => orElse([], () => knownUsers(tree)),
  groups: () => orElse([], () => knownGroups(tree)),
  cgroups: () => orElse([], () => groupDirectories(tree).map(({ group }) => group)),
})
