import type { CgroupPages } from '../../model/telemetry/metrics-facts.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { countRefusals } from '../processes/cgroup-troubles.ts'
import { type GroupDirectory, groupDirectories } from '../processes/full-cgroups.ts'
import { limitOf } from '../processes/hugetlb-cgroup.ts'
import { limitFiles } from '../processes/limit-files.ts'
import { ifShown } from '../processes/scan/quick-read.ts'
import { readNumberIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/**
 * Reads the pages of a group. The root is left out: in version 2 it has no files, and in version 1 no
 * limit.
 */
const groupPages = (tree: Tree, one: GroupDirectory, size: PageSize): readonly CgroupPages[] => {
  const { directory, group, version } = one
  const { pages, reserved } = limitFiles(size)[version]
  const usage = readNumberIfPresent(tree, `${directory}/${pages[1]}`)
  if (usage === undefined) return []
  return [
    present({
      group,
      size,
      usage,
      limit: limitOf(tree, directory, group, pages)?.max,
      reserved: readNumberIfPresent(tree, `${directory}/${reserved[1]}`),
      reservedLimit: limitOf(tree, directory, group, reserved)?.max,
      failures: countRefusals(tree, one, size).count,
    }),
  ]
}

/**
 * Reads how many pages of these sizes every cgroup has that can be seen. A group that goes away
 * meanwhile is left out.
 */
export const readCgroupPages = (tree: Tree, sizes: readonly PageSize[]): readonly CgroupPages[] =>
  groupDirectories(tree).flatMap((one) =>
    sizes.flatMap((size) => ifShown(() => groupPages(tree, one, size)) ?? []),
  )
