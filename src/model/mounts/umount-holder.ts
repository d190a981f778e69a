import { HugepoolError } from '../../errors.ts'
import type { PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'

/** The way in which a process keeps a mount busy. */
export type Hold = 'open file' | 'mapping' | 'working directory' | 'root'

/** A process that keeps a mount, or the file system mounted there, from being removed. */
export interface Holder {
  readonly pid: number
  /** The name of the process in /proc/PID/comm. */
  readonly command: string
  readonly holds: Hold
  /** The path as /proc shows it: ` (deleted)` follows the name of a file that was removed. */
  readonly path: string
  /** The id of the mount by which it is held; absent where permission to see it is missing. */
  readonly mountId?: number
  /** The held file; absent where permission to see it is missing. */
  readonly file?: HeldFile
}

export interface HeldFile {
  readonly inode: bigint
  readonly bytes: bigint
  /** False once the last name of the file is removed. */
  readonly named: boolean
}

/** A process that could not be examined, so that it may be a holder too. */
export interface Unexamined {
  readonly pid: number
  readonly command: string
  /** The answer of the kernel, such as EACCES. */
  readonly errno: string
}

/** The holders that permission allows to see. */
export interface Holders {
  readonly found: readonly Holder[]
  readonly unexamined: readonly Unexamined[]
}

export const noHolders: Holders = { found: [], unexamined: [] }

/** The number of holders that are listed one by one. The rest is given as a count. */
export const mostLines = 10

const holderLine = ({ pid, command, holds, path }: Holder): string =>
  `process ${pid} (${command}): ${holds} ${path}`

export const processesOf = (holders: readonly Holder[]): number =>
  new Set(holders.map(({ pid }) => pid)).size

/** The processes that could not be examined are many for a user without privilege. */
const mostUnexamined = 3

const unexaminedLines = (unexamined: readonly Unexamined[]): readonly string[] => {
  const more = unexamined.length - mostUnexamined
  return [
    ...unexamined
      .slice(0, mostUnexamined)
      .map(
        ({ pid, command, errno }) =>
          `process ${pid} (${command}) could not be looked into: ${errno}`,
      ),
    ...(more > 0 ? [`nor could ${plural(more, 'more process', 'more processes')}`] : []),
  ]
}

/** Lists the holders, one line each, and the processes that could not be examined. */
export const holderLines = ({ found, unexamined }: Holders): readonly string[] => {
  const more = found.length - mostLines
  return [
    ...found.slice(0, mostLines).map(holderLine),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...unexaminedLines(unexamined),
  ]
}

/**
 * Returns the holders by whom umount(2) finds one of some mounts busy. A holder whose mount cannot be
 * seen is included, since it may be one of them.
 */
export const holdersBy = ({ found, unexamined }: Holders, ...mountIds: number[]): Holders => ({
  found: found.filter(({ mountId }) => mountId === undefined || mountIds.includes(mountId)),
  unexamined,
})

/**
 * Returns the holders that may keep one mount busy. Holders by another mount of the same file
 * system, such as one in another mount namespace, count only where this mount has no holder,
 * because umount(2) propagates.
 */
export const holdersOfMount = (all: Holders, mountId: number): Holders => {
  const exact = holdersBy(all, mountId)
  return exact.found.length > 0 ? exact : all
}

const busyWords = ({ found }: Holders): string => {
  const count = processesOf(found)
  if (count === 0) return 'busy, but no process was found that holds it'
  return `busy: ${plural(count, 'process', 'processes')} ${count === 1 ? 'holds' : 'hold'} it`
}

export const busySentence = (target: string, holders: Holders): string =>
  `${target}: ${busyWords(holders)}`

const lazyHint = '--lazy detaches it now; its pages return when the last process lets go'

/** Describes a process that holds a mount, with the pages of the file that it holds. */
export const holderDocument =
  (pageSize: bigint) =>
  ({ pid, command, holds, path, file }: Holder) => ({
    pid,
    command,
    holds,
    path,
    pages: file && file.bytes / pageSize,
  })

/** Returns the processes that could not be examined, for a document; no key where there are none. */
export const unexaminedDocument = ({ unexamined }: Holders) =>
  unexamined.length === 0 ? {} : { unexamined: unexamined.map((one) => ({ ...one })) }

/** The error for a mount that cannot be removed because processes hold it. */
export const busyError = (target: string, holders: Holders, pageSize: PageSize): HugepoolError =>
  new HugepoolError(
    'E_KERNEL',
    'busy',
    busySentence(target, holders),
    [...holderLines(holders), lazyHint].join('\n'),
    undefined,
    {
      holders: holders.found.map(holderDocument(pageSize)),
      ...unexaminedDocument(holders),
    },
  )
