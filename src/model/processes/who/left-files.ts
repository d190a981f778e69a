import { pathPrefix } from '../../etc/path-parts.ts'
import { atLeastNone, type Pages } from '../../words/count.ts'
import type { PageSize } from '../../words/page-size.ts'
import type { FoundFile, FoundPages } from './found-pages.ts'

/** Files with names on one mount that nobody was seen to have. */
export interface LeftFiles {
  /** What leads this process to the mount: its mount point, where that is in its own namespace. */
  readonly root: string
  /** Whether the mount is in another namespace, or is mounted nowhere any more. */
  readonly isElsewhere: boolean
  readonly files: number
  readonly pages: Pages
  /** The pages that they lack to their sizes: they cannot have more reserved. */
  readonly lacked: Pages
}

/** What leads to the root of the mount on which a file was found. */
export const mountRootOf = ({ path, target = '', reach = path }: FoundFile): string => {
  const below = path.length - pathPrefix(target).length
  return reach.slice(0, reach.length - below) || '/'
}

/** Whether a file is on a mount of another namespace, or on one that is mounted nowhere. */
const isFarAway = ({ path, reach = path }: FoundFile): boolean => path !== reach

const lackOf = ({ pages = 0n, length = 0n }: FoundFile): Pages => atLeastNone(length - pages)

const heldKeys = ({ areas, descriptors }: FoundPages): ReadonlySet<string> =>
  new Set([...areas, ...descriptors].map(({ key }) => key))

/**
 * The files of a size that nobody was seen to have, by mount. An empty file counts only where pages
 * are reserved of which is not known who has them: then it may have them from a mapping that is gone.
 */
export const leftFiles = (
  found: FoundPages,
  size: PageSize,
  unknownReserved: Pages,
): readonly LeftFiles[] => {
  const held = heldKeys(found)
  const byRoot = new Map<string, LeftFiles>()
  for (const file of found.files.values()) {
    if (!file.isNamed || file.size !== size || held.has(file.key)) continue
    const lacked = unknownReserved > 0n ? lackOf(file) : 0n
    const pages = file.pages ?? 0n
    if (pages === 0n && lacked === 0n) continue
    const root = mountRootOf(file)
    const before = byRoot.get(root)
    byRoot.set(root, {
      root,
      isElsewhere: isFarAway(file),
      files: (before?.files ?? 0) + 1,
      pages: (before?.pages ?? 0n) + pages,
      lacked: (before?.lacked ?? 0n) + lacked,
    })
  }
  return [...byRoot.values()]
}

/** The mounts of this namespace with files that processes have and that stay when these end. */
export const mountsOfHeldFiles = (found: FoundPages, size: PageSize): readonly string[] => {
  const held = heldKeys(found)
  const files = [...found.files.values()].filter(
    (file) =>
      file.isNamed &&
      file.size === size &&
      held.has(file.key) &&
      file.pages !== 0n &&
      !isFarAway(file),
  )
  return [...new Set(files.map(mountRootOf))]
}
