import type { HiddenBy } from './hidden-by.ts'

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
  /** The pages that the process wrote to in private mappings of the file. */
  readonly own?: PrivateCopies
}

/** Pages that writes to a private mapping have made. */
export interface PrivateCopies {
  /** The frames of the pages, as far as they can be seen. */
  readonly frames: readonly number[]
  /** The number of pages whose frames cannot be seen. */
  readonly unplaced: number
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
  /** Why /proc leaves out processes, which may be holders too; absent where it shows all. */
  readonly hidden?: HiddenBy
  /** Why nobody was looked for, in words. */
  readonly unlooked?: string
}

export const noHolders: Holders = { found: [], unexamined: [] }

export const copiesOf = (holders: readonly Holder[]): bigint => {
  const copies = holders.flatMap(({ own }) => own ?? [])
  const frames = new Set(copies.flatMap((own) => own.frames))
  return BigInt(frames.size + copies.reduce((sum, { unplaced }) => sum + unplaced, 0))
}

export const processesOf = (holders: readonly Holder[]): number =>
  new Set(holders.map(({ pid }) => pid)).size

/**
 * Returns the holders that make umount(2) find one of these mounts busy. A holder whose mount
 * cannot be seen is included, since it may be one of these.
 */
export const holdersBy = (all: Holders, ...mountIds: number[]): Holders => ({
  ...all,
  found: all.found.filter(({ mountId }) => mountId === undefined || mountIds.includes(mountId)),
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

/** Describes a process that holds a mount, with the pages of the file that it holds. */
export const holderDocument = (pageSize: bigint) => (hold: Holder) => {
  const { pid, command, holds, path, file } = hold
  const pages = file && file.bytes / pageSize + copiesOf([hold])
  return { pid, command, holds, path, pages }
}

/**
 * Returns the processes that could not be examined, for a document; no key where there are none.
 */
export const unexaminedDocument = ({ unexamined }: Holders) =>
  unexamined.length === 0 ? {} : { unexamined: unexamined.map((one) => ({ ...one })) }
