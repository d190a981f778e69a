import { pathPrefix } from '../etc/path-parts.ts'
import type { CgroupLimit } from './cgroup-limit.ts'

/** Where the hierarchies of cgroups are mounted, and the group that is seen there. */
export interface CgroupHierarchies {
  readonly second?: { readonly target: string; readonly root: string }
  readonly first?: { readonly target: string; readonly root: string }
}

/** Returns the path of the file of a limit, for a command that writes it. */
export const limitPath = ({ second, first }: CgroupHierarchies, limit: CgroupLimit): string => {
  const isFirst = limit.file.endsWith('_in_bytes')
  const seen = isFirst ? first : second
  const below = seen === undefined ? limit.group : limit.group.slice(pathPrefix(seen.root).length)
  return `${pathPrefix(seen?.target ?? '/sys/fs/cgroup')}${pathPrefix(below)}/${limit.file}`
}
