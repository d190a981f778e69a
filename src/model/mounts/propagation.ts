import { present } from '../words/present.ts'
import type { MountLine } from './hugetlbfs-mount.ts'
import type { OtherMount } from './umount-change.ts'

/** The mount table of one mount namespace, as one process sees it. */
export interface MountNamespace {
  readonly lines: readonly MountLine[]
  /** The process that sees it; absent for the namespace of hugepool itself. */
  readonly process?: { readonly pid: number; readonly command: string }
}

/** What the removal of one mount does to another mount of the same file system. */
export type MountFate = 'stays' | 'goes' | 'unknown'

/** Another mount of the same file system, and what a removal elsewhere does to it. */
export interface FatedMount extends OtherMount {
  /** The id of the mount, which no two namespaces share. */
  readonly id: number
  readonly fate: MountFate
}

/** Returns the path of a mount's directory within the file system of the parent mount. */
const pathWithin = ({ root, target }: MountLine, mount: MountLine): string =>
  `${root === '/' ? '' : root}${mount.target.slice(target === '/' ? 0 : target.length)}`

const byId = (lines: readonly MountLine[], wanted: number): MountLine | undefined =>
  lines.find(({ id }) => id === wanted)

/** Whether something is mounted in a mount. A mount that covers its whole root does not count. */
const hasMountsInside = ({ lines }: MountNamespace, { id, target }: MountLine): boolean =>
  lines.some((line) => line.parent === id && line.id !== id && line.target !== target)

/**
 * Says what a removal in a peer group does to a mount: the mount goes where it is a peer or a slave
 * of the group, directly or through other groups. The master of a group is known only where a mount
 * of the group can be seen; `propagate_from` names the nearest group above that can be
 * (fs/proc_namespace.c).
 */
const receives = (group: number, mount: MountLine, all: readonly MountLine[]): MountFate => {
  if (mount.shared === group) return 'goes'
  const seen = new Set<number>()
  let on: MountLine | undefined = mount
  for (;;) {
    const { master, dominant }: MountLine = on
    if (master === undefined) return 'stays'
    if (master === group || dominant === group) return 'goes'
    if (seen.has(master)) return 'unknown'
    seen.add(master)
    on = all.find(
      ({ shared }) => shared !== undefined && (shared === master || shared === dominant),
    )
    if (on === undefined) return 'unknown'
  }
}

/**
 * Says what the removal of a mount does to another one. umount(2) looks at all mounts to which the
 * parent of the removed mount propagates. It removes what is mounted on that directory of theirs,
 * unless something else is mounted in it (propagate_umount in fs/pnode.c). How the removed mount
 * itself propagates makes no difference.
 */
const fateOf = (
  namespaces: readonly MountNamespace[],
  removed: MountLine,
  there: MountNamespace,
  other: MountLine,
): MountFate => {
  if (other.parent === removed.parent) return 'stays'
  const parent = byId(namespaces[0]?.lines ?? [], removed.parent)
  const otherParent = byId(there.lines, other.parent)
  if (parent !== undefined && parent.shared === undefined) return 'stays'
  if (parent?.shared === undefined || otherParent === undefined) return 'unknown'
  const isSameDirectory =
    parent.device === otherParent.device &&
    pathWithin(parent, removed) === pathWithin(otherParent, other)
  if (!isSameDirectory || hasMountsInside(there, other)) return 'stays'
  return receives(
    parent.shared,
    otherParent,
    namespaces.flatMap(({ lines }) => lines),
  )
}

/** Returns the mounts of a device, which is written as in mountinfo. */
export const mountsOnDevice = (
  namespaces: readonly MountNamespace[],
  device: string,
): readonly OtherMount[] =>
  namespaces.flatMap(({ lines, process }) =>
    lines.flatMap((line) =>
      line.device === device ? [present({ target: line.target, process })] : [],
    ),
  )

/**
 * Returns the other mounts of the file system of a mount, and what becomes of each when the mount is
 * removed. The first of `namespaces` is that of the mount.
 */
export const otherMounts = (
  namespaces: readonly MountNamespace[],
  removed: MountLine,
): readonly FatedMount[] =>
  namespaces.flatMap((there) =>
    there.lines.flatMap((line) => {
      if (line.device !== removed.device || line.id === removed.id) return []
      const { id, target } = line
      const fate = fateOf(namespaces, removed, there, line)
      return [present({ id, target, process: there.process, fate })]
    }),
  )
