import { lstatSync, type Stats } from 'node:fs'
import { refused } from '../errors.ts'
import { pathAndAbove, pathPrefix } from '../model/etc/path-parts.ts'
import {
  type OwnedEntry,
  type StrangersPart,
  strangersPart,
  strangersWords,
} from '../model/etc/root-alone.ts'
import type { Owner } from './file-owner.ts'
import { isRootKnown, isRootUser, ownUser } from './own-user.ts'
import { realPathOf } from './real-path.ts'
import { pathOnMachine } from './root-path.ts'
import type { Tree } from './tree.ts'

/** Who looks at a path, and who counts as root. Tests stand for both. */
export interface Beholder {
  readonly user: () => number | undefined
  readonly isRoot: (uid: number) => boolean
  /** Whether a file can be given to root. */
  readonly isRootKnown: () => boolean
}

const thisProcess: Beholder = { user: ownUser, isRoot: isRootUser, isRootKnown }

/**
 * Whether the rules hold: where root works on its own machine. A recording belongs to whoever made
 * it, and who is not root can harm nobody but himself.
 */
const isChecked = ({ root }: Pick<Tree, 'root'>, { user }: Beholder): boolean =>
  pathPrefix(root) === '' && user() === 0

const entryKind = (stat: Stats): OwnedEntry['kind'] => {
  if (stat.isSymbolicLink()) return 'link'
  if (stat.isDirectory()) return 'directory'
  return stat.isFile() ? 'file' : 'device'
}

/** Looks at all that is on the way to a path without links, from `/` on, as far as it is there. */
const wayTo = (path: string): readonly OwnedEntry[] =>
  pathAndAbove(path)
    .toReversed()
    .flatMap((each) => {
      const stat = lstatSync(each, { throwIfNoEntry: false })
      return stat === undefined
        ? []
        : [{ path: each, kind: entryKind(stat), uid: stat.uid, mode: stat.mode & 0o7777 }]
    })

/**
 * Returns to whom a new file has to be given: to root where root alone can make files, because root obeys none of
 * another user (`checkRootAlone`). Who makes one there all the same passes over modes (CAP_DAC_OVERRIDE). Undefined
 * where a file stays with who makes it, as in a sticky directory.
 */
export const ownerOfNew = (
  { root }: Pick<Tree, 'root'>,
  path: string,
  { user, isRoot, isRootKnown: mayBeRoots } = thisProcess,
): Owner | undefined => {
  if (pathPrefix(root) !== '' || user() === 0 || !mayBeRoots()) return undefined
  const way = wayTo(pathOnMachine(root, path, true))
  const above = way.slice(0, -1)
  const last = way.slice(-1).map((each) => ({ ...each, mode: each.mode & 0o777 }))
  return strangersPart([...above, ...last], isRoot) === undefined ? { uid: 0, gid: 0 } : undefined
}

const linkRefused = (link: string, part: StrangersPart) =>
  refused(
    'not-trusted',
    `${link}: a symbolic link that root does not follow: ${strangersWords(link, part)}`,
    'name what it leads to',
  )

/** Throws E_REFUSED for a link that others can put elsewhere, or that is none any more. */
const checkLink = (link: string, { isRoot }: Beholder): void => {
  const way = wayTo(link)
  const part = strangersPart(way, isRoot)
  if (part !== undefined) throw linkRefused(link, part)
  if (way.at(-1)?.path !== link) throw refused('changed', `${link}: somebody removed it just now`)
}

/**
 * Returns the path without links to which a path leads. Root follows no link that others can put
 * elsewhere, as fs.protected_symlinks has it in sticky directories alone: E_REFUSED is thrown.
 * Throws what `pathOnMachine` throws. With `keepLast` the last component is not followed.
 */
export const trustedPath = (
  tree: Pick<Tree, 'root'>,
  path: string,
  keepLast = false,
  beholder = thisProcess,
): string =>
  isChecked(tree, beholder)
    ? pathOnMachine(tree.root, path, keepLast, (link) => checkLink(link, beholder))
    : pathOnMachine(tree.root, path, keepLast)

/**
 * Returns the path without links to which a path of this machine leads, as `trustedPath` does. Throws
 * what realpath(3) throws too, for what is missing and for links in a circle.
 */
export const followLinks = (path: string, beholder = thisProcess): string => {
  const real = realPathOf(path)
  const here = { root: '/' }
  // What realpath(3) found may have been another link: only one that was judged before it was read counts.
  return isChecked(here, beholder) ? trustedPath(here, path, false, beholder) : real
}

/**
 * Throws E_REFUSED where others than root can change a file that root obeys or replaces: its
 * content, its name, a directory or a link on the way. A file that is missing is judged by its
 * directory. What passes stays as it was seen, because nobody but root can change it.
 */
export const checkRootAlone = (
  tree: Pick<Tree, 'root'>,
  path: string,
  beholder = thisProcess,
): void => {
  if (!isChecked(tree, beholder)) return
  const file = trustedPath(tree, path, false, beholder)
  const part = strangersPart(wayTo(file), beholder.isRoot)
  if (part === undefined) return
  const isFile = part.path === file
  throw refused(
    'not-trusted',
    `${path}: is not trusted: ${strangersWords(path, isFile ? { ...part, path } : part)}`,
    isFile
      ? `once you know what others did there: ${part.mend}`
      : `put it where root alone can write, or: ${part.mend}`,
  )
}
