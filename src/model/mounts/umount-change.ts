import { inUse, type Pool } from '../pools/machine.ts'
import { atLeastNone, type Pages } from '../words/count.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import type { HugetlbfsMount } from './hugetlbfs-mount.ts'
import { type Holders, holderLines, processesOf } from './umount-holder.ts'

/** Files of a mount, and the pages they have. */
export interface FileCount {
  readonly files: bigint
  readonly pages: Pages
}

/** What a pool has again that it did not have before. */
export interface ReturnedPages {
  readonly pageSize: PageSize
  /** Pages that are no longer in use. */
  readonly pages: Pages
  readonly reservations: Pages
}

/** Where the same file system is mounted too: on another directory or in another namespace. */
export interface OtherMount {
  readonly target: string
  /** A process of the other mount namespace; absent for this one. */
  readonly process?: { readonly pid: number; readonly command: string }
}

/** What is known after a mount was removed. */
export interface UmountChange {
  readonly mount: HugetlbfsMount
  readonly lazy: boolean
  /** What was in it; absent where permission was missing to look. */
  readonly files?: FileCount
  /** Processes that keep the file system, which only a lazy removal leaves. */
  readonly keepers: Holders
  readonly elsewhere: readonly OtherMount[]
  /** The type of the mount that came to light below. */
  readonly uncovered?: string
  /** Absent where the pool cannot be read. */
  readonly returned?: ReturnedPages
}

/**
 * In use and reserved before, less the same now. Free pages would not do: surplus pages leave the
 * pool as soon as they are free.
 */
export const returnedPages = (before: Pool, after: Pool): ReturnedPages => ({
  pageSize: after.size,
  pages: atLeastNone(inUse(before) - inUse(after)),
  reservations: atLeastNone((before.reserved ?? 0n) - (after.reserved ?? 0n)),
})

/** Whether the file system lives on, with all its files and its guarantee. */
export const livesOn = ({ keepers, elsewhere }: UmountChange): boolean =>
  keepers.found.length > 0 || elsewhere.length > 0

const listed = (parts: readonly string[]): string => parts.join(' and ')

const returnedWords = ({ pages, reservations, pageSize }: ReturnedPages): readonly string[] => {
  const parts = [
    ...(pages > 0n ? [plural(pages, 'page')] : []),
    ...(reservations > 0n ? [plural(reservations, 'reservation')] : []),
  ]
  return parts.length === 0
    ? []
    : [`${listed(parts)} came back to the pool of ${formatSize(pageSize)}`]
}

const filesWords = ({ files, pages }: FileCount): string =>
  `${plural(files, 'file')} with ${plural(pages, 'page')}`

const goneWords = ({ files, returned }: UmountChange): readonly string[] => {
  if (files === undefined || (files.files === 0n && files.pages === 0n)) return []
  const missing = returned === undefined ? 0n : files.pages - returned.pages
  return [
    `${filesWords(files)} went away with it`,
    ...(missing > 0n
      ? [`${plural(missing, 'page')} did not come back: pinned by a device, or in use again`]
      : []),
  ]
}

const elsewhereWords = ({ target, process }: OtherMount): string =>
  process === undefined
    ? `the same file system is still mounted on ${target}`
    : `the same file system is still mounted on ${target} in the mount namespace of process ${process.pid} (${process.command})`

const stillHeldWords = ({ mount, files, keepers, elsewhere }: UmountChange): readonly string[] => {
  const keeps = [
    ...(files === undefined ? ['its files'] : files.pages > 0n ? [filesWords(files)] : []),
    ...(mount.minSize === undefined ? [] : ['what is left of its minimum size']),
  ]
  const processes = processesOf(keepers.found)
  const until = processes === 1 ? 'it lets go' : 'they let go'
  return [
    ...elsewhere.map(elsewhereWords),
    ...(processes > 0 && elsewhere.length === 0
      ? [
          `in use by ${plural(processes, 'process', 'processes')}: it lives on, in no mount table, until ${until}`,
        ]
      : []),
    ...(keeps.length > 0 ? [`it keeps ${listed(keeps)}`] : []),
  ]
}

/** What is to be said of it, a sentence each. */
export const umountWords = (result: UmountChange): readonly string[] => {
  const { mount, keepers, uncovered, returned } = result
  const closed = result.lazy && keepers.closed > 0 && keepers.found.length === 0
  return [
    ...(livesOn(result) ? stillHeldWords(result) : goneWords(result)),
    ...(closed ? holderLines(keepers) : []),
    ...(returned ? returnedWords(returned) : []),
    ...(uncovered === undefined ? [] : [`the ${uncovered} that it hid is there now`]),
  ].map((words) => `${mount.target}: ${words}`)
}
