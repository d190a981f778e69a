import type { PoolSet } from './machine.ts'

/** /proc/meminfo alone tells the default size, and a mount of /proc with subset=pid hides it. */
export const defaultUnseenWords = '/proc/meminfo does not show which page size is the default'

/** Whether there are pools, but none of them is known to be the default or not to be it. */
export const defaultUnseen = ({ pools, unreadable = [] }: PoolSet): boolean => {
  const all = [...pools, ...unreadable]
  return all.length > 0 && all.every(({ isDefault }) => isDefault === undefined)
}
