import { availableNow, type Pool } from '../../pools/machine.ts'
import { formatSize } from '../../words/page-size.ts'
import { plural } from '../../words/plural.ts'
import { type FullCgroups, limitWords, raiseByOne } from '../cgroup-limit.ts'

/** The cgroups that are named one by one for each size. */
const mostGroups = 3

/**
 * Says which cgroups keep pages of a pool from their processes that are available. The limit on pages
 * is met at the first touch, after mmap(2) has succeeded; the one on reservations by mmap(2).
 */
export const fullCgroupHints = (full: readonly FullCgroups[], pool: Pool): readonly string[] => {
  const { pages = [], reserved = [] } = full.find(({ size }) => size === pool.size) ?? {}
  const left = availableNow(pool)
  const though = `though ${left === 1n ? '1 page is' : `${left} pages are`} available`
  const all = [
    ...pages.map(
      (limit) =>
        `${limitWords(limit)}: its processes end with SIGBUS at the next page that they touch, ${though}: ${raiseByOne(limit, pool.size)}`,
    ),
    ...reserved.map(
      (limit) =>
        `${limitWords(limit)}: its processes cannot reserve another page, ${though}: ${raiseByOne(limit, pool.size)}`,
    ),
  ]
  const more = all.length - mostGroups
  return [
    ...all.slice(0, mostGroups),
    ...(more > 0
      ? [
          `and ${plural(more, 'more limit')} of cgroups: 'hugepool who --json' has all in .pools[].limits`,
        ]
      : []),
  ].map((words) => `${formatSize(pool.size)}: ${words}`)
}
