import { type HugepoolError, refused, unsupported } from '../../errors.ts'
import { shellWord } from '../etc/shell-word.ts'
import type { MountLine } from './hugetlbfs-mount.ts'
import { innermost } from './mount-choice.ts'
import { mountOn } from './mount-hidden.ts'

const notMounted = (lines: readonly MountLine[], target: string): HugepoolError => {
  const around = innermost(
    lines.filter(({ type }) => type === 'hugetlbfs'),
    target,
  )
  return unsupported(
    'not-mounted',
    `${target}: nothing is mounted there`,
    around === undefined
      ? "'hugepool mounts' shows what is mounted"
      : `it lies in the mount ${shellWord(around.target)}`,
  )
}

const otherType = (there: readonly MountLine[], { target, type }: MountLine): HugepoolError =>
  refused(
    'other-type',
    `${target}: ${type} is mounted there, not hugetlbfs`,
    there.some((line) => line.type === 'hugetlbfs')
      ? `it hides a hugetlbfs; umount(8) removes the ${type}`
      : `umount(8) removes mounts of type ${type}`,
  )

/**
 * Returns the hugetlbfs mount that can be removed from a path: the topmost one. Throws
 * E_UNSUPPORTED where nothing is mounted. Throws E_REFUSED where the mount is hidden, is not a
 * hugetlbfs or has other mounts on it.
 */
export const mountToRemove = (lines: readonly MountLine[], target: string): MountLine => {
  const there = lines.filter((line) => line.target === target)
  const line = mountOn(target, lines)
  if (line === undefined) {
    if (there.length === 0) throw notMounted(lines, target)
    throw refused(
      'covered',
      `${target}: what is mounted there is hidden by a mount above it`,
      'unmount the directory above it first',
    )
  }
  if (line.type !== 'hugetlbfs') throw otherType(there, line)
  const above = lines.filter(({ parent, id }) => parent === line.id && id !== line.id)
  if (above.length === 0) return line
  const names = above.map((each) => shellWord(each.target)).join(', ')
  throw refused('covered', `${target}: something is mounted in it: ${names}`, 'unmount that first')
}

/** Returns the shell line that removes a mount. */
export const umountLine = (target: string, lazy: boolean): string =>
  `umount ${lazy ? '-l ' : ''}${shellWord(target)}`
