import type { PoolSet } from './machine.ts'

/** /proc/meminfo alone tells the default size, and a mount of /proc with subset=pid hides it. */
export const defaultUnseenWords = '/proc/meminfo does not show which page size is the default'

/** Whether it is unknown of every pool that sysfs shows whether its size is the default. */
export const defaultUnseen = ({ pools, unreadable = [] }: PoolSet): boolean => {
  const all = [...pools, ...unreadable]
  return all.length > 0 && all.every(({ isDefault }) => isDefault === undefined)
}
