import type { PoolSet } from './machine.ts'

/** /proc/meminfo alone tells the default size, and a mount of /proc with subset=pid hides it. */
export const defaultUnseenWords = '/proc/meminfo does not show which page size is the default'

/** Whether there are pools, and it is known of none whether it is the default. */
export const defaultUnseen = ({ pools, unreadable = [] }: PoolSet): boolean => {
  const all = [...pools, ...unreadable]
  return all.length > 0 && all.every(({ isDefault }) => isDefault === undefined)
}
