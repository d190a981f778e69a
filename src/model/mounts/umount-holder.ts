import { HugepoolError } from '../../errors.ts'
import type { PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'

/** In what way a process keeps a mount busy. */
export type Hold = 'open file' | 'mapping' | 'working directory' | 'root'

/** A process that keeps a mount, or the file system mounted there, from going away. */
export interface Holder {
  readonly pid: number
  /** As the kernel calls it: /proc/PID/comm. */
  readonly command: string
  readonly holds: Hold
  /** As /proc shows it: ` (deleted)` follows the name of a file that was removed. */
  readonly path: string
  /** The id of the mount by which it is held; absent without permission to see it. */
  readonly mount?: number
  /** Absent too without permission. */
  readonly file?: HeldFile
}

export interface HeldFile {
  readonly inode: bigint
  readonly bytes: bigint
  /** False once its last name is removed. */
  readonly named: boolean
}

/** Holders, as far as permission allows to see them. */
export interface Holders {
  readonly found: readonly Holder[]
  /** Processes that could not be looked into. */
  readonly closed: number
}

export const noHolders: Holders = { found: [], closed: 0 }

/** So many lines tell who it is; a thousand tell nobody anything. */
export const mostLines = 10

const holderLine = ({ pid, command, holds, path }: Holder): string =>
  `process ${pid} (${command}): ${holds} ${path}`

export const processesOf = (holders: readonly Holder[]): number =>
  new Set(holders.map(({ pid }) => pid)).size

/** Who holds it, a line each, and what could not be seen. */
export const holderLines = ({ found, closed }: Holders): readonly string[] => {
  const more = found.length - mostLines
  return [
    ...found.slice(0, mostLines).map(holderLine),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(closed > 0 ? [`${plural(closed, 'process', 'processes')} could not be looked into`] : []),
  ]
}

/** Those by whom umount(2) finds one mount busy; without permission it cannot be told of which. */
export const holdersBy = ({ found, closed }: Holders, mount: number): Holders => ({
  found: found.filter((one) => one.mount === undefined || one.mount === mount),
  closed,
})

/**
 * Those that may keep one mount busy. Who holds the same file system by another mount, in another
 * mount namespace for one, matters only where there is nobody else: umount(2) propagates.
 */
export const holdersOfMount = (all: Holders, mount: number): Holders => {
  const exact = holdersBy(all, mount)
  return exact.found.length > 0 ? exact : all
}

const busyWords = ({ found }: Holders): string => {
  const count = processesOf(found)
  if (count === 0) return 'busy, but no process was found that holds it'
  return `busy: ${plural(count, 'process', 'processes')} ${count === 1 ? 'holds' : 'hold'} it`
}

export const busySentence = (target: string, holders: Holders): string =>
  `${target}: ${busyWords(holders)}`

const lazyHint = 'with --lazy it goes from the mount table now, and its pages when nobody holds it'

/** A process that holds a mount, with the pages of the file by which it does. */
export const holderDocument =
  (pageSize: bigint) =>
  ({ pid, command, holds, path, file }: Holder) => ({
    pid,
    command,
    holds,
    path,
    pages: file && file.bytes / pageSize,
  })

/** A mount that cannot be removed, for somebody holds it. */
export const busyError = (target: string, holders: Holders, pageSize: PageSize): HugepoolError =>
  new HugepoolError(
    'E_KERNEL',
    busySentence(target, holders),
    [...holderLines(holders), lazyHint].join('\n'),
    undefined,
    { holders: holders.found.map(holderDocument(pageSize)) },
  )
