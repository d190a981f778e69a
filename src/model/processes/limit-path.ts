import { pathPrefix } from '../etc/path-parts.ts'
import type { CgroupLimit } from './cgroup-limit.ts'

/** Where the hierarchies of cgroups are mounted, and the group that is seen there. */
export interface CgroupHierarchies {
  readonly second?: { readonly target: string; readonly root: string }
  readonly first?: { readonly target: string; readonly root: string }
}

/** A file of a cgroup, by its name there. */
type GroupFile = Pick<CgroupLimit, 'group' | 'file'>

/** The files of the first version; those that only tell have no limit in their names. */
const ofFirst = /_in_bytes$|\.failcnt$/

/** Returns the path of a file of a group, for a command that reads or writes it. */
export const limitPath = ({ second, first }: CgroupHierarchies, limit: GroupFile): string => {
  const isFirst = ofFirst.test(limit.file)
  const seen = isFirst ? first : second
  const below = seen === undefined ? limit.group : limit.group.slice(pathPrefix(seen.root).length)
  return `${pathPrefix(seen?.target ?? '/sys/fs/cgroup')}${pathPrefix(below)}/${limit.file}`
}
