import { HugepoolError } from '../../errors.ts'
import { groupMounts, limitsOfGroups } from '../../kernel/processes/hugetlb-cgroup.ts'
import type { Tree } from '../../kernel/tree.ts'
import { type ShownPool, shownAvailable } from '../../model/pools/shown-pool.ts'
import { tightLimitWords } from '../../model/processes/tight-limits.ts'

/** Notes the limits that leave this process fewer pages than pools have available. */
export const tightLimitNotes = (tree: Tree, pools: readonly ShownPool[]): readonly string[] => {
  try {
    const groups = groupMounts(tree)
    return pools.flatMap((pool) => {
      const limits = limitsOfGroups(tree, pool.size, groups)
      return tightLimitWords(pool.size, shownAvailable(pool) ?? 0n, limits)
    })
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    return [`limits of cgroups cannot be told: ${error.message}`]
  }
}
