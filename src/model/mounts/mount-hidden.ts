import { pathAndAbove } from '../etc/path-parts.ts'
import type { MountLine } from './hugetlbfs-mount.ts'

type IdsByTarget = Map<string, number[]>

/** An index of mounts, so that thousands of mounts need no linear search for each. */
interface MountIndex {
  readonly byId: ReadonlyMap<number, MountLine>
  /** The ids of the mounts on a parent mount, by their target. */
  readonly onParent: ReadonlyMap<number, IdsByTarget>
}

const indexOf = (all: readonly MountLine[]): MountIndex => {
  const onParent = new Map<number, IdsByTarget>()
  for (const { id, parent, target } of all) {
    const there: IdsByTarget = onParent.get(parent) ?? new Map()
    onParent.set(parent, there)
    const ids = there.get(target)
    if (ids === undefined) there.set(target, [id])
    else ids.push(id)
  }
  return { byId: new Map(all.map((mount) => [mount.id, mount])), onParent }
}

/**
 * Whether another mount hides this one. The loop goes from the mount through its parents to the
 * root of the namespace. At each parent, another child that is mounted on the path or above it
 * hides the mount. The root may be its own parent.
 */
const isHidden = (mount: MountLine, { byId, onParent }: MountIndex): boolean => {
  let via = mount
  let on: MountLine | undefined = mount
  // A chain of parents longer than the number of mounts is a cycle.
  for (let left = byId.size; on !== undefined && left > 0; left -= 1) {
    const { id, parent }: MountLine = on
    const there = onParent.get(id)
    const hides = (other: number) => other !== via.id && other !== id
    if (there && pathAndAbove(via.target).some((path) => there.get(path)?.some(hides))) return true
    if (parent === id) return false
    via = on
    on = byId.get(parent)
  }
  return false
}

/**
 * Returns the mounts of `wanted` to which their own path does not lead, because another mount was
 * made on the same directory or on one above it.
 */
export const hiddenAmong = (
  wanted: readonly MountLine[],
  all: readonly MountLine[],
): ReadonlySet<MountLine> => {
  const index = indexOf(all)
  return new Set(wanted.filter((mount) => isHidden(mount, index)))
}

/** Returns the visible mount whose target is exactly this path. */
export const mountOn = (target: string, all: readonly MountLine[]): MountLine | undefined => {
  const there = all.filter((mount) => mount.target === target)
  const hidden = hiddenAmong(there, all)
  return there.findLast((mount) => !hidden.has(mount))
}
