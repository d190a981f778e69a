import { quotedCommand, shellWord } from '../etc/shell-word.ts'
import type { Pages } from '../words/count.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'

/**
 * The files of one hugetlbfs. They keep their pages, and the reservations that mappings left, until
 * they are removed, whoever ends. Counts are absent where permission to look is missing.
 */
export interface MountHolding {
  /** The directories of this mount namespace on which it is mounted, at least one. */
  readonly targets: readonly string[]
  readonly files?: bigint
  readonly pages?: Pages
  /** The pages of files that a process was seen to have mapped; part of `pages`. */
  readonly mappedPages?: Pages
  /** The pages that the files lack to their sizes: they cannot have more reserved than that. */
  readonly lackedPages?: Pages
  /** What is left of the reservation that `min_size` makes. */
  readonly minimumPages: Pages
}

/** A SysV segment, which keeps its pages until it is removed and detached. */
export interface SegmentHolding {
  readonly id: number
  /** The user id of its owner. */
  readonly uid: number
  readonly attached: number
  readonly pages: Pages
  /**
   * False where the kernel shows nothing that a segment of small pages could not show as well:
   * /proc/sysvipc/shm does not say which segments have huge pages.
   */
  readonly isCertain: boolean
}

/** A process with huge pages in its page table, or with a mapping that can have reserved some. */
export interface ProcessHolding {
  readonly pid: number
  readonly command: string
  /** Absent where the pages may be of another size, because permission to look is missing. */
  readonly pages?: Pages
  /** What its mappings lack: they cannot have more reserved. Absent where that is nothing. */
  readonly lackedPages?: Pages
}

/**
 * A file without a name, or a memfd, that is open: it keeps its pages until it is closed. So do the
 * files of a mount that was detached, where whoever has one open keeps all of them.
 */
export interface OpenFileHolding {
  readonly pid: number
  readonly command: string
  /** As the kernel shows it: `/memfd:name (deleted)`. */
  readonly path: string
  /**
   * Absent for a file of a mount that no table shows: it may be of another file system, and to ask
   * one could block.
   */
  readonly pages?: Pages
}

/**
 * What holds pages of one size, as far as it can be found cheaply. The same page can be in a file
 * and in several processes, so counts must not be added up. Not seen are pages of processes in
 * other PID namespaces, of files on mounts of other mount namespaces, of page tables that processes
 * share, and pages pinned by the kernel; nor is a mount that was detached where processes have nothing
 * of it but a working directory, or a segment without a page to which nobody is attached.
 */
export interface Holdings {
  readonly size: PageSize
  /** File systems without files and without a minimum are left out. */
  readonly mounts: readonly MountHolding[]
  readonly segments: readonly SegmentHolding[]
  readonly processes: readonly ProcessHolding[]
  readonly openFiles?: readonly OpenFileHolding[]
}

/** The holders of a kind that are named one by one. */
const mostNamed = 5

const named = <T>(all: readonly T[], words: (one: T) => string): readonly string[] => [
  ...all.slice(0, mostNamed).map(words),
  ...(all.length > mostNamed ? [`and ${all.length - mostNamed} more`] : []),
]

const hasFiles = ({ pages = 0n, lackedPages = 0n }: MountHolding): boolean =>
  pages > 0n || lackedPages > 0n

const firstTarget = ({ targets }: MountHolding): string => targets[0] ?? ''

const fileWords = (holding: MountHolding): readonly string[] => {
  const { files, pages = 0n, mappedPages = 0n, lackedPages = 0n } = holding
  if (files === undefined) return [`the files on ${firstTarget(holding)} could not be looked at`]
  if (!hasFiles(holding)) return []
  const have = files === 1n ? 'has' : 'have'
  const mapped = mappedPages > 0n ? `, ${mappedPages} of them mapped by processes` : ''
  const lacked = lackedPages > 0n ? `, and can have up to ${lackedPages} more reserved` : ''
  return [
    `${plural(files, 'file')} on ${firstTarget(holding)} ${have} ${plural(pages, 'page')}${mapped}${lacked}`,
  ]
}

const minimumWords = (holding: MountHolding): readonly string[] =>
  holding.minimumPages > 0n
    ? [
        `the minimum size of ${firstTarget(holding)} has ${plural(holding.minimumPages, 'page')} reserved`,
      ]
    : []

const segmentWords = ({ id, uid, attached, pages, isCertain }: SegmentHolding): string =>
  `SysV segment ${id} of user ${uid} has ${plural(pages, 'page')}${isCertain ? '' : ', if its pages are huge'}, ${attached === 0 ? 'nobody' : plural(attached, 'process', 'processes')} attached`

const processWords =
  (size: PageSize) =>
  ({ pid, command, pages, lackedPages = 0n }: ProcessHolding): string => {
    const process = `process ${pid} (${command})`
    if (pages === undefined)
      return `${process} has huge pages mapped, perhaps of ${formatSize(size)}`
    const lacked = `can have up to ${lackedPages} ${pages > 0n ? 'more ' : ''}reserved`
    if (pages === 0n) return `${process} has a mapping without a page so far, and ${lacked}`
    const mapped = `${process} has ${plural(pages, 'page')} mapped`
    return lackedPages > 0n ? `${mapped}, and ${lacked}` : mapped
  }

const openFileWords = ({ pid, command, path, pages }: OpenFileHolding): string =>
  pages === undefined
    ? `process ${pid} (${command}) has ${path} open, on a mount that no table shows: if that is a detached hugetlbfs, its files keep their pages until this is closed`
    : `process ${pid} (${command}) has ${path} open, with ${plural(pages, 'page')}`

/** Says what holds pages of the size, one sentence for each holder. Empty where nothing was found. */
export const holdingWords = (holdings: Holdings): readonly string[] => {
  const { size, mounts, segments, processes, openFiles = [] } = holdings
  return [
    ...named(
      mounts.flatMap((mount) => [...fileWords(mount), ...minimumWords(mount)]),
      (words) => words,
    ),
    ...named(segments, segmentWords),
    ...named(processes, processWords(size)),
    ...named(openFiles, openFileWords),
  ].map((words) => `${formatSize(size)}: ${words}`)
}

/**
 * Says what frees the pages that do not come back by themselves when processes end: those of files,
 * minimums and segments to which nobody is attached.
 */
export const holdingHints = ({ mounts, segments }: Holdings): readonly string[] => [
  ...named(
    mounts.filter((mount) => hasFiles(mount) || mount.minimumPages > 0n),
    (mount) => {
      const look = quotedCommand(`hugepool umount ${shellWord(firstTarget(mount))} --dry-run`)
      const files = hasFiles(mount) ? 'files stay when processes end: rm those not needed, or ' : ''
      return `${firstTarget(mount)}: ${files}${look} tells what would go with it`
    },
  ),
  ...named(
    segments.filter(({ attached, isCertain }) => attached === 0 && isCertain),
    ({ id }) => `'ipcrm -m ${id}' removes the segment to which nobody is attached`,
  ),
]

/** What holds pages, and then what frees those that do not come back by themselves. */
export const holdingAdvice = (holdings: Holdings): readonly string[] => [
  ...holdingWords(holdings),
  ...holdingHints(holdings),
]
