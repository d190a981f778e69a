import { unsupported, usage } from '../../errors.ts'
import { isWithin } from '../etc/path-parts.ts'
import { quotedCommand, shellWord } from '../etc/shell-word.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import type { HugetlbfsMount } from './hugetlbfs-mount.ts'

/** Returns the innermost of the mounts that a path lies on: the one with the longest target. */
export const innermost = <Mount extends { readonly target: string }>(
  mounts: readonly Mount[],
  path: string,
): Mount | undefined =>
  mounts
    .filter(({ target }) => isWithin(path, target))
    .sort((a, b) => b.target.length - a.target.length)[0]

/** Returns the visible mount that a path lies on. */
export const mountAt = (
  mounts: readonly HugetlbfsMount[],
  directory: string,
): HugetlbfsMount | undefined =>
  innermost(
    mounts.filter(({ hidden }) => !hidden),
    directory,
  )

export const isReadOnly = ({ options }: HugetlbfsMount): boolean =>
  options.split(',').includes('ro')

/**
 * Prefers mounts without limits, because a limit can mean that the mount is meant for a certain
 * user. Otherwise the order is the kernel's.
 */
const preferred = (mounts: readonly HugetlbfsMount[]): HugetlbfsMount | undefined =>
  mounts.find(({ size, minSize }) => size === undefined && minSize === undefined) ?? mounts[0]

/** What is said of a mount on which nothing can be written. */
export const readOnlyWords = 'the mount is read-only (EROFS)'

export const remountAdvice = (target: string): string =>
  `${quotedCommand(`mount -o remount,rw ${shellWord(target)}`)} makes it writable`

export const hiddenWords = (targets: readonly string[]): string =>
  `another mount lies over ${targets.join(', ')}`

export const uncoverAdvice = (target: string): string =>
  `${quotedCommand(`umount ${shellWord(target)}`)} takes away what lies over it`

const mountSuggestion = (size: PageSize): string =>
  `'hugepool mount DIR --pagesize ${formatSize(size)} --mkdir' makes one; --via memfd needs none`

/**
 * Says why no mount of a size can take files. `fit` has all mounts of that size, and `visible`
 * those of them that are not hidden, which are read-only.
 */
const whyNone = (
  size: PageSize,
  fit: readonly HugetlbfsMount[],
  visible: readonly HugetlbfsMount[],
): { readonly words: string; readonly advice: string } => {
  const suggestion = mountSuggestion(size)
  const [first] = fit
  const [readOnly] = visible
  if (readOnly !== undefined) {
    const { target } = readOnly
    const advice = `${remountAdvice(target)}\n${suggestion}`
    return { words: `${target}: ${readOnlyWords}`, advice }
  }
  if (first === undefined)
    return {
      words: `no hugetlbfs with pages of ${formatSize(size)} is mounted`,
      advice: suggestion,
    }
  const words = hiddenWords(fit.map(({ target }) => target))
  return { words, advice: `${uncoverAdvice(first.target)}\n${suggestion}` }
}

/**
 * Returns the directory in which a file with pages of a size can be made: the named directory, or a
 * mount of that page size. Throws E_USAGE where the named directory has no such pages and
 * E_UNSUPPORTED where there is no such mount.
 */
export const chooseMount = (
  mounts: readonly HugetlbfsMount[],
  size: PageSize,
  directory?: string,
): string => {
  if (directory !== undefined) {
    const mount = mountAt(mounts, directory)
    if (mount === undefined)
      throw usage(`${directory}: no hugetlbfs is mounted there`, undefined, 'not-mounted')
    if (mount.pageSize === size) return directory
    throw usage(`${directory}: has pages of ${formatSize(mount.pageSize)}`, undefined, 'wrong-size')
  }
  const fit = mounts.filter((mount) => mount.pageSize === size)
  const visible = fit.filter(({ hidden }) => !hidden)
  const found = preferred(visible.filter((mount) => !isReadOnly(mount)))
  if (found !== undefined) return found.target
  const { words, advice } = whyNone(size, fit, visible)
  throw unsupported('not-mounted', words, advice)
}

/**
 * Returns the directory for a file of a process that names none. It is in a mount where the process
 * may make files, if there is one. Throws E_UNSUPPORTED where no mount has pages of the size.
 */
export const chooseOwnMount = (
  mounts: readonly HugetlbfsMount[],
  size: PageSize,
  mayWrite: (target: string) => boolean,
): string => {
  const fit = mounts.filter(({ pageSize, hidden }) => pageSize === size && !hidden)
  const own = fit.filter(({ target }) => mayWrite(target))
  return chooseMount(own.length > 0 ? own : mounts, size)
}
