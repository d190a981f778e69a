import type { Pages } from '../../words/count.ts'
import type { NodeId } from '../../words/node-list.ts'
import type { PageSize } from '../../words/page-size.ts'
import type { FoundArea } from './found-pages.ts'

/** The ways in which pages are held, in the order in which a table shows them. */
export const holdKinds = [
  'mapping',
  'descriptor',
  'file',
  'segment',
  'mount',
  'reservation',
  'buffer',
  'unexplained',
] as const
export type HoldKind = (typeof holdKinds)[number]

/**
 * The identity of a file: its device in the form of /proc/PID/maps and its inode, `00:1f:1234`. The
 * inode of a SysV segment is its id, which other IPC namespaces have too, so that the namespace
 * follows: `00:10:3@ipc:[4026531839]`.
 */
export type FileKey = string

export interface PagesOnNode {
  readonly node: NodeId
  readonly pages: Pages
}

export interface HolderProcess {
  readonly pid: number
  /** The process that started it, or took it over. */
  readonly parent?: number
  readonly uid?: number
  /** The name of the user; absent where /etc/passwd does not have it. */
  readonly user?: string
  readonly command: string
  /** The name of its container, virtual machine or unit. */
  readonly container?: string
}

/** One way in which somebody or something holds pages. The same page can be in several of these. */
export interface PageHold {
  readonly kind: HoldKind
  readonly size: PageSize
  /** Absent for what no process holds. */
  readonly process?: HolderProcess
  /** The owner of what no process holds. */
  readonly uid?: number
  readonly user?: string
  /** Absent where it is unknown. */
  readonly pages?: Pages
  readonly reserved?: Pages
  /** True where fewer can be reserved, and nothing shows how many. */
  readonly reservedAtMost?: true
  /** The pages whose node is known. */
  readonly nodes?: readonly PagesOnNode[]
  /** Whether others can hold the same pages as well. */
  readonly shared?: boolean
  /** The path of a file, or the name of a segment. */
  readonly name?: string
  /** The files of this hold with their pages; several where a process has many without a name. */
  readonly files?: ReadonlyMap<FileKey, Pages>
  /** The parts of memory of this hold, whose own pages come on top of those of the files. */
  readonly areas?: readonly FoundArea[]
}

/** The device in a key, in the form of /proc/PID/maps. */
export const deviceIn = (key: FileKey): string => key.split(':', 2).join(':')

/** The inode in a key. */
export const inodeIn = (key: FileKey): bigint => BigInt(/^[^:]*:[^:]*:(\d+)/.exec(key)?.[1] ?? 0)
