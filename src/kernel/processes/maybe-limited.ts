import { asOctets, type Octets, textOf } from '../../model/etc/octets.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { readIfReadable } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { limitFiles } from './limit-files.ts'

/** Hierarchies in which limits on huge pages need no file of the hugetlb controller of cgroup2. */
const otherLimits = / - cgroup \S+ \S*\bhugetlb\b| - cgroup2 \S+ \S*\bmemory_hugetlb_accounting\b/

const mountedGroups = /^\d+ \d+ \d+:\d+ \S+ (\S+) .* - cgroup2 /gm

/** The topmost group above that of this process in cgroup2, without the root: `/a` of `/a/b`. */
const topmostOf = (text: Octets): string =>
  textOf(asOctets(/^0::(\/[^/\n]*)/m.exec(text)?.[1] ?? '/'))

/**
 * Whether this process may be in a cgroup with limits on pages of these sizes, at the cost of two files
 * and a look for one of each size: what tells the limits themselves need not be loaded where this is
 * false. A controller of cgroup2 is in a group only where it is in all above it (cgroups(7)), so that
 * the files are in the topmost that is seen, or nowhere.
 */
export const isMaybeLimited = (tree: Tree, sizes: readonly PageSize[]): boolean => {
  const mounts = readIfReadable(tree, '/proc/self/mountinfo') ?? ''
  if (otherLimits.test(mounts)) return true
  const names = sizes.map((size) => limitFiles(size).second.pages[0])
  const topmost = topmostOf(readIfReadable(tree, '/proc/self/cgroup') ?? asOctets(''))
  const targets = [...mounts.matchAll(mountedGroups)].map(([, target = '']) => target)
  const hasFile = (directory: string): boolean =>
    names.some((name) => readIfReadable(tree, `${directory}/${name}`) !== undefined)
  // A target with octal escapes counts as limited: they are decoded only where the limits are read.
  return (targets.length > 0 ? targets : ['/sys/fs/cgroup']).some(
    (target) => target.includes('\\') || hasFile(target) || hasFile(`${target}${topmost}`),
  )
}
