import { inUse, type Pool } from '../pools/machine.ts'
import { atLeastNone, fewer, type Pages } from '../words/count.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { holderLines } from './holder-lines.ts'
import type { HugetlbfsMount } from './hugetlbfs-mount.ts'
import { copiesOf, type Holders, processesOf } from './umount-holder.ts'

/** The number of files of a mount, and of the pages that they have. */
export interface FileCount {
  readonly files: bigint
  readonly pages: Pages
}

/** The pages and reservations that a removal freed. */
export interface ReturnedPages {
  readonly pageSize: PageSize
  /** Pages that are no longer in use. */
  readonly pages: Pages
  readonly reservations: Pages
  /**
   * Surplus pages that left the pool for the rest of memory (free_huge_folio in mm/hugetlb.c). They
   * were in use, or free and reserved.
   */
  readonly leftPool: Pages
}

/** Another mount of the same file system: on another directory or in another namespace. */
export interface OtherMount {
  readonly target: string
  /** A process of the other mount namespace; absent where the mount is in this namespace. */
  readonly process?: { readonly pid: number; readonly command: string }
}

/** The result of removing a mount. */
export interface UmountChange {
  readonly mount: HugetlbfsMount
  readonly lazy: boolean
  /** The files that it had; absent where permission to look was missing. */
  readonly files?: FileCount
  /** Processes that keep the file system in use. Only a lazy removal leaves any. */
  readonly keepers: Holders
  readonly elsewhere: readonly OtherMount[]
  /** The type of the mount that this one hid and that is visible now. */
  readonly uncovered?: string
  /** What came back to the pool; absent where the pool cannot be read. */
  readonly returned?: ReturnedPages
}

/**
 * Subtracts the pages in use and reserved after the removal from those before. Free pages cannot be
 * compared, because surplus pages leave the pool as soon as they are free. No more pages count as
 * having left than surplus has shrunk: what else the pool lost are persistent pages that somebody
 * took from it meanwhile.
 */
export const returnedPages = (before: Pool, after: Pool): ReturnedPages => ({
  pageSize: after.size,
  pages: atLeastNone(inUse(before) - inUse(after)),
  reservations: atLeastNone((before.reserved ?? 0n) - (after.reserved ?? 0n)),
  leftPool: atLeastNone(fewer(before.surplus - after.surplus, before.total - after.total)),
})

/** Whether the file system still exists, with all its files and its guarantee. */
export const livesOn = ({ keepers, elsewhere }: UmountChange): boolean =>
  keepers.found.length > 0 || elsewhere.length > 0

const listed = (parts: readonly string[]): string => parts.join(' and ')

const returnedWords = (returned: ReturnedPages): readonly string[] => {
  const { pages, reservations, leftPool, pageSize } = returned
  const back = atLeastNone(pages - leftPool)
  const parts = [
    ...(back > 0n ? [plural(back, 'page')] : []),
    ...(reservations > 0n ? [plural(reservations, 'reservation')] : []),
  ]
  const pool = `the pool of ${formatSize(pageSize)}`
  return [
    ...(parts.length === 0 ? [] : [`${listed(parts)} came back to ${pool}`]),
    ...(leftPool > 0n
      ? [`${plural(leftPool, 'surplus page')} left ${pool} for the rest of memory`]
      : []),
  ]
}

export const filesWords = ({ files, pages }: FileCount): string =>
  `${plural(files, 'file')} with ${plural(pages, 'page')}`

const goneWords = ({ files, returned }: UmountChange): readonly string[] => {
  if (files === undefined || (files.files === 0n && files.pages === 0n)) return []
  const missing = returned === undefined ? 0n : files.pages - returned.pages
  return [
    `${filesWords(files)} went away with it`,
    ...(missing > 0n
      ? [
          `${plural(missing, 'page')} did not come back: pinned by a driver, io_uring or another user of the kernel that hugepool cannot see, or in use again`,
        ]
      : []),
  ]
}

export const mountedElsewhere = ({ target, process }: OtherMount): string =>
  process === undefined
    ? `the same file system is mounted on ${target}`
    : `the same file system is mounted on ${target} in the mount namespace of process ${process.pid} (${process.command})`

const stillHeldWords = ({ mount, files, keepers, elsewhere }: UmountChange): readonly string[] => {
  const keeps = [
    ...(files === undefined
      ? ['its files']
      : files.files > 0n || files.pages > 0n
        ? [filesWords(files)]
        : []),
    ...(mount.minSize === undefined ? [] : ['what is left of its minimum size']),
  ]
  const processes = processesOf(keepers.found)
  const copies = copiesOf(keepers.found)
  const until = processes === 1 ? 'it lets go' : 'they let go'
  return [
    ...elsewhere.map(mountedElsewhere),
    ...(processes > 0 && elsewhere.length === 0
      ? [
          `in use by ${plural(processes, 'process', 'processes')}: it lives on, in no mount table, until ${until}`,
        ]
      : []),
    ...(keeps.length > 0 ? [`it keeps ${listed(keeps)}`] : []),
    ...(copies > 0n
      ? [`private mappings of its files keep ${plural(copies, 'page')} until their processes end`]
      : []),
  ]
}

/** Describes the result, one sentence for each fact. */
export const umountWords = (change: UmountChange): readonly string[] => {
  const { mount, keepers, uncovered, returned } = change
  const onlyUnexamined = change.lazy && keepers.found.length === 0
  return [
    ...(livesOn(change) ? stillHeldWords(change) : goneWords(change)),
    ...(onlyUnexamined ? holderLines(keepers, { pageSize: mount.pageSize }) : []),
    ...(returned ? returnedWords(returned) : []),
    ...(uncovered === undefined ? [] : [`the ${uncovered} that it hid is there now`]),
  ].map((words) => `${mount.target}: ${words}`)
}
