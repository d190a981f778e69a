import { unsupported, usage } from '../../errors.ts'
import { isWithin, pathParts } from '../../model/etc/path-parts.ts'
import { rootHint } from '../../model/words/root-hint.ts'
import { explain, type Meaning } from '../errno.ts'
import type { Tree } from '../tree.ts'
import { groupBelow, hierarchyMounts } from './hugetlb-cgroup.ts'

const denied: Meaning = {
  code: 'E_PERMISSION',
  reason: 'not-root',
  words:
    'not allowed to enter it: that takes writing to cgroup.procs there, and of the group above it and this one',
  hint: rootHint,
}

const threaded: Meaning = {
  code: 'E_UNSUPPORTED',
  reason: 'wrong-file',
  words: 'a threaded group takes threads, but no process (EOPNOTSUPP)',
  hint: "name the group above it whose cgroup.type is 'domain threaded'",
}

const gone = { code: 'E_USAGE', reason: 'no-file', words: 'there is no such cgroup' } as const

/** What writing to cgroup.procs is refused for (cgroups(7), cgroup_attach_permissions). */
const meanings: Readonly<Record<string, Meaning>> = {
  ENOENT: {
    ...gone,
    hint: "/proc/PID/cgroup names the group of a process, 'systemctl show -p ControlGroup UNIT' that of a unit",
  },
  ENOTDIR: gone,
  ENODEV: { ...gone, words: 'it is being removed just now (ENODEV)' },
  EACCES: denied,
  EPERM: denied,
  EBUSY: {
    code: 'E_KERNEL',
    reason: 'busy',
    words:
      'it has controllers for the groups below it, so that it may have no processes itself (EBUSY)',
    hint: 'name a group below it: its limits count there too',
  },
  EOPNOTSUPP: threaded,
  ENOTSUP: threaded,
  ENOSPC: {
    code: 'E_KERNEL',
    reason: 'cpuset',
    words: 'its cpuset has no CPUs or no nodes yet (ENOSPC)',
  },
}

/** Finds the directory of a group that is given as /proc/PID/cgroup names it, or by its directory. */
const directoryOf = (tree: Tree, path: string): string => {
  const mounts = hierarchyMounts(tree)
  if (mounts.length === 0)
    throw unsupported('no-feature', 'no hierarchy of cgroups is mounted that can limit huge pages')
  const whole = `/${pathParts(path).join('/')}`
  if (mounts.some(({ target }) => isWithin(whole, target))) return whole
  const mount = mounts.find(({ root }) => isWithin(whole, root))
  if (mount !== undefined) {
    const { target, root } = mount
    return groupBelow(target, root === '/' ? whole : whole.slice(root.length) || '/')
  }
  throw usage(`the cgroup ${path}: cannot be seen from here`, undefined, 'no-file')
}

/**
 * Moves this process, all its threads, into a cgroup: of the hierarchy of version 1 that has the
 * controller hugetlb, where there is one, and otherwise of version 2. Throws E_USAGE where there is no
 * such group, and E_PERMISSION.
 */
export const enterCgroup = (tree: Tree, path: string): void => {
  const directory = directoryOf(tree, path)
  try {
    tree.write(`${directory}/cgroup.procs`, '0')
  } catch (error) {
    throw explain(error, `the cgroup ${path}`, meanings)
  }
}
