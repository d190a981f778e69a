import type { HiddenBy } from '../../mounts/hidden-by.ts'
import type { Bytes } from '../../words/bytes.ts'
import type { Pages } from '../../words/count.ts'
import type { NodeId } from '../../words/node-list.ts'
import type { PageSize } from '../../words/page-size.ts'
import type { OwnPages } from './own-pages.ts'
import type { FileKey, HolderProcess } from './page-hold.ts'

/** A file of huge pages, with or without a name: on a mount, a memfd, shared memory, a segment. */
export interface FoundFile {
  readonly key: FileKey
  readonly size: PageSize
  /** As the kernel shows it, ` (deleted)` included. */
  readonly path: string
  /** The pages that it has, by st_blocks. Absent where permission to look is missing. */
  readonly pages?: Pages
  /** Its size in whole pages. */
  readonly length?: Pages
  /** Whether it was found by its name, on a mount. */
  readonly isNamed: boolean
  /** What leads this process to a file with a name. */
  readonly reach?: string
  /** The mount point, as its mount namespace has it, on which it was found by its name. */
  readonly target?: string
  readonly uid?: number
}

/** A part of the memory of a process that consists of huge pages. */
export interface FoundArea {
  readonly process: HolderProcess
  readonly key: FileKey
  readonly size: PageSize
  readonly path: string
  /** True where the path is like those of the kernel's own mount, and the file is on another one. */
  readonly isNamesake?: true
  /** MAP_PRIVATE: what the process writes is in pages of its own. */
  readonly isPrivate: boolean
  /** Where it begins, in hexadecimal digits. A child has the areas of its parent where that has them. */
  readonly address: string
  /** Its first page in the file. */
  readonly first: Pages
  readonly length: Pages
  /** False with MAP_NORESERVE; absent where it was not looked at. */
  readonly reserves?: boolean
  readonly own: OwnPages
  /** All pages that it has in the page table. */
  readonly present: Pages
  /** The nodes of its frames, where they are known; of a private area, those of its own pages. */
  readonly frameNodes: ReadonlyMap<number, NodeId>
  /** The id of the mount by which it has the file, where a scan asks for that. */
  readonly mountId?: number
}

/** The ways in which a process has a file without mapping it. */
export type OpenWay = 'open file' | 'working directory' | 'root'

/** A file or directory of a hugetlbfs that a process has open, or stands in. */
export interface FoundDescriptor {
  readonly process: HolderProcess
  readonly key: FileKey
  readonly size: PageSize
  readonly path: string
  readonly way: OpenWay
  /** The id of the mount by which it has the file, where a scan asks for that. */
  readonly mountId?: number
}

/** A SysV segment. */
export interface FoundSegment {
  readonly key: FileKey
  readonly size: PageSize
  readonly id: number
  /** The key that was given to shmget(2). */
  readonly ipcKey: number
  readonly uid: number
  readonly attached: number
  readonly pages: Pages
  readonly length: Pages
  /** Whether it is in another IPC namespace than this process, where its id means another one. */
  readonly isElsewhere?: true
}

/** What lstat(2) tells of a file with a name. */
export interface FileStatus {
  /** What leads this process to it; empty where it is in a namespace that no process is in. */
  readonly reach: string
  /** True where a byte of its path is not UTF-8: then that is written as an octal escape. */
  readonly isNoText?: true
  /** True where it was found only as a mount by itself. */
  readonly isMount?: true
  readonly size: Bytes
  readonly pages: Pages
  readonly links: bigint
  readonly uid: number
  readonly gid: number
  readonly mode: number
  /** The latest of its three times, in milliseconds since 1970: mmap(2) sets the time of access. */
  readonly touched: number
}

/** What /proc/sysvipc/shm tells of a segment beside its pages. */
export interface SegmentOrigin {
  readonly bytes: Bytes
  readonly gid: number
  readonly mode: number
  /** The process that made it; absent where it is of another PID namespace. */
  readonly creator?: number
  /** Whether no process has that number; absent where that cannot be seen. */
  readonly isCreatorGone?: boolean
  /** The latest of its three times, in milliseconds since 1970. */
  readonly touched: number
  /** The IPC namespace that has it, where that is not the one of this process. */
  readonly elsewhere?: string
}

/** A file system with a guarantee. */
export interface FoundMount {
  /** In the form of /proc/PID/maps. */
  readonly device: string
  readonly size: PageSize
  readonly target: string
  readonly minimum: Pages
  /** Whether it was found in another mount namespace only, which has the target. */
  readonly isElsewhere?: true
}

/** A process that has given memory to the kernel for its input and output. */
export interface FoundBuffer {
  readonly process: HolderProcess
  /** What keeps it: `io_uring`. */
  readonly keeper: string
  /** What the kernel shows of it. */
  readonly what: string
}

/** A directory of a hugetlbfs whose files could not be looked at. */
export interface UnreadDirectory {
  readonly size: PageSize
  readonly path: string
}

/** A file that a process has open on a mount that no table shows. */
export interface UnaskedFile {
  readonly process: HolderProcess
  readonly path: string
}

/** Everything of huge pages that a scan of the machine found. */
export interface FoundPages {
  readonly files: ReadonlyMap<FileKey, FoundFile>
  readonly areas: readonly FoundArea[]
  readonly descriptors: readonly FoundDescriptor[]
  readonly segments: readonly FoundSegment[]
  readonly mounts: readonly FoundMount[]
  readonly buffers: readonly FoundBuffer[]
  /** Descriptors on their way through a socket, as words. */
  readonly inFlight: readonly string[]
  /** Private pages without any mapping, where the kernel shows them. */
  readonly pinned: ReadonlyMap<PageSize, Pages>
  /** Processes with huge pages, or that may have them, that could not be looked into. */
  readonly unseen: ReadonlyMap<number, UnseenProcess>
  /** Segments that nothing proves to have huge pages, once for each size that they could have. */
  readonly doubtful?: readonly FoundSegment[]
  readonly unread?: readonly UnreadDirectory[]
  /** Files that were not asked whether they are on a hugetlbfs: the answer could keep it waiting. */
  readonly unasked?: readonly UnaskedFile[]
  /** What is known of the files with a name. */
  readonly statuses?: ReadonlyMap<FileKey, FileStatus>
  /** What is known of the segments. */
  readonly origins?: ReadonlyMap<FileKey, SegmentOrigin>
  /** The devices of the mounts that lie over another one. */
  readonly covering?: ReadonlySet<string>
  /** Why /proc leaves out processes, which are not among the unseen; absent where it shows all. */
  readonly hidden?: HiddenBy
  /** The address space in kB of each process whose status was read. */
  readonly spaces?: ReadonlyMap<string, number>
  /** The only node with memory, where there is but one. */
  readonly onlyNode?: NodeId
  /** The name of a user; undefined where it is not known. */
  readonly userOf: (uid: number) => string | undefined
}

/** Whether every process could be looked into. */
export const seesAll = ({ unseen, hidden }: FoundPages): boolean =>
  unseen.size === 0 && hidden === undefined

export interface UnseenProcess {
  readonly process: HolderProcess
  /** The pages of all sizes that its page table has, in bytes. */
  readonly bytes: bigint
  /** The answer of the kernel, such as EACCES. */
  readonly errno?: string
}
