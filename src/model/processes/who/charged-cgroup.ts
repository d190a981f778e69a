import type { Bytes } from '../../words/bytes.ts'
import type { Pages } from '../../words/count.ts'
import { formatSize, type PageSize } from '../../words/page-size.ts'
import { plural } from '../../words/plural.ts'
import { present } from '../../words/present.ts'
import { containerName } from './container-name.ts'
import type { PageHold } from './page-hold.ts'
import { pagesOfAll } from './sum-holds.ts'

/**
 * What the kernel counts against a cgroup, without the groups below it. A page stays counted against
 * the group of the process that touched it first (hugetlb_cgroup_commit_charge in mm/hugetlb_cgroup.c):
 * also where it is pinned, in flight or in a file that was left, and where that process moved on.
 */
export interface CgroupCharge {
  readonly size: PageSize
  readonly group: string
  readonly bytes: Bytes
}

/** A cgroup that has more pages than its processes were seen to have. */
export interface ChargedCgroup {
  readonly size: PageSize
  readonly group: string
  readonly container?: string
  readonly pages: Pages
  /** Those that its processes were seen to have, each once. */
  readonly seen: Pages
}

const excess = ({ pages, seen }: ChargedCgroup): Pages => pages - seen

/** The cgroups that have more pages than is seen of their processes, those that lack most first. */
export const chargedCgroups = (
  charges: readonly CgroupCharge[],
  holds: readonly PageHold[],
  groupOf: (pid: number) => string | undefined,
): readonly ChargedCgroup[] =>
  charges
    .map(({ size, group, bytes }): ChargedCgroup => {
      const own = holds.filter(
        ({ size: of, process: holder }) => of === size && holder && groupOf(holder.pid) === group,
      )
      const container = containerName(`0::${group}\n`)
      return present({ size, group, container, pages: bytes / size, seen: pagesOfAll(own) ?? 0n })
    })
    .filter((one) => excess(one) > 0n)
    .toSorted((a, b) => Number(excess(b) - excess(a)))

/** The cgroups that are named one by one for each size. */
const mostGroups = 3

/** Says which cgroups have pages that their processes do not show. */
export const chargedHints = (charged: readonly ChargedCgroup[]): readonly string[] => {
  const more = charged.length - mostGroups
  const [first] = charged
  if (first === undefined) return []
  return [
    ...charged.slice(0, mostGroups).map(({ group, container, pages, seen }) => {
      const name = container === undefined ? group : `${group} (${container})`
      return `${plural(pages, 'page is', 'pages are')} counted against the cgroup ${name}, whose processes are seen to have ${seen}: the others may be in files that stay, or among those that nobody explains`
    }),
    ...(more > 0
      ? [`and ${plural(more, 'more cgroup')}: 'hugepool who --json' has all in .pools[].charged`]
      : []),
  ].map((words) => `${formatSize(first.size)}: ${words}`)
}
