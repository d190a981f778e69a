import type { MountLine } from './mount.ts'

/** A path and the directories above it: `/a/b`, `/a`, `/`. */
const pathAndAbove = (path: string): readonly string[] => {
  const parts = path.split('/').filter((part) => part !== '')
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`).concat('/')
}

/** Where a mount begins: on which other one, and on which path. */
const placeKey = (parent: number, target: string): string => `${parent} ${target}`

interface MountIndex {
  readonly byId: ReadonlyMap<number, MountLine>
  readonly idsByPlace: ReadonlyMap<string, readonly number[]>
}

/** Thousands of mounts are looked up, and not searched for. */
const indexOf = (all: readonly MountLine[]): MountIndex => {
  const idsByPlace = new Map<string, number[]>()
  for (const { id, parent, target } of all) {
    const key = placeKey(parent, target)
    const ids = idsByPlace.get(key)
    if (ids === undefined) idsByPlace.set(key, [id])
    else ids.push(id)
  }
  return { byId: new Map(all.map((mount) => [mount.id, mount])), idsByPlace }
}

/**
 * From a mount down to the root of what this namespace shows: wherever on its path another mount
 * begins than the one that leads to it, that one hides it. The root may be its own parent.
 */
const isHidden = (mount: MountLine, { byId, idsByPlace }: MountIndex): boolean => {
  const paths = pathAndAbove(mount.target)
  const seen = new Set<number>()
  let via = mount.id
  for (
    let on: MountLine | undefined = mount;
    on !== undefined && !seen.has(on.id);
    on = byId.get(on.parent)
  ) {
    const { id } = on
    const leads = (other: number) => other === via || other === id
    if (paths.some((path) => idsByPlace.get(placeKey(id, path))?.some((other) => !leads(other))))
      return true
    seen.add(id)
    via = id
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
