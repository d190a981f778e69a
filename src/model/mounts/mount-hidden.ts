import type { MountLine } from './hugetlbfs-mount.ts'

/** A path and the directories above it: `/a/b`, `/a`, `/`. */
const pathAndAbove = (path: string): readonly string[] => {
  const paths = [path]
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
    paths.push(path.slice(0, end))
  return path === '/' ? paths : [...paths, '/']
}

type IdsByTarget = Map<string, number[]>

/** Thousands of mounts are looked up, and not searched for. */
interface MountIndex {
  readonly byId: ReadonlyMap<number, MountLine>
  /** What is mounted on a mount, by where. */
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
 * From a mount down to the root of what this namespace shows: where another mount begins no later
 * on the path than the one that leads to it, that other hides it. The root may be its own parent.
 */
const isHidden = (mount: MountLine, { byId, onParent }: MountIndex): boolean => {
  let via = mount
  let on: MountLine | undefined = mount
  // No chain has more links than there are mounts, unless it is a circle.
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
 * The mounts among `wanted` that their own path does not lead to: another one was mounted on the
 * same directory or on one above it.
 */
export const hiddenAmong = (
  wanted: readonly MountLine[],
  all: readonly MountLine[],
): ReadonlySet<MountLine> => {
  const index = indexOf(all)
  return new Set(wanted.filter((mount) => isHidden(mount, index)))
}

/** The mount that a path leads to, where one begins just there. */
export const mountOn = (target: string, all: readonly MountLine[]): MountLine | undefined => {
  const there = all.filter((mount) => mount.target === target)
  const hidden = hiddenAmong(there, all)
  return there.findLast((mount) => !hidden.has(mount))
}
