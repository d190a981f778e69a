import { overridingDirectories, unitDirectory } from '../../model/mounts/persist/systemd-unit.ts'
import { masksUnit } from '../etc/unit-files.ts'
import type { Tree } from '../tree.ts'

const usualUnit = 'dev-hugepages.mount'

/** Whether the unit by which systemd mounts a hugetlbfs at every start is masked. */
export const isUsualMountMasked = (tree: Tree): boolean =>
  [...overridingDirectories, unitDirectory, '/run/systemd/system'].some((directory) =>
    masksUnit(tree, `${directory}/${usualUnit}`),
  )
