import type { HiddenBy } from '../../../model/mounts/hidden-by.ts'
import type { MountNamespace } from '../../../model/mounts/propagation.ts'
import type {
  FileStatus,
  FoundArea,
  FoundBuffer,
  FoundDescriptor,
  FoundFile,
  FoundMount,
  FoundPages,
  FoundSegment,
  SegmentOrigin,
  UnaskedFile,
  UnreadDirectory,
  UnseenProcess,
} from '../../../model/processes/who/found-pages.ts'
import type { FileKey, HolderProcess } from '../../../model/processes/who/page-hold.ts'
import type { Bytes } from '../../../model/words/bytes.ts'
import type { Pages } from '../../../model/words/count.ts'
import type { PageSize } from '../../../model/words/page-size.ts'
import { present } from '../../../model/words/present.ts'
import type { Native } from '../../native/native.ts'
import type { Tree } from '../../tree.ts'
import type { FrameNodes } from './frame-nodes.ts'
import type { HugeDevices } from './huge-devices.ts'

/** What one scan works with, and what it has found so far. */
export interface Scan {
  readonly tree: Tree
  /** The directory that has a directory for each process: /proc, or one of a test. */
  readonly proc: string
  readonly sizes: readonly PageSize[]
  readonly basePage: Bytes
  readonly devices: HugeDevices
  readonly nodes: FrameNodes
  /** Tells who a process is. */
  readonly who: (pid: string) => HolderProcess
  readonly userOf: (uid: number) => string | undefined
  /** The calls of the addon; absent where it cannot be loaded. */
  readonly native?: Native
  /** The process that a scan leaves out, which is this one; undefined where it is looked at too. */
  readonly ownPid: number | undefined
  /** The mount tables of all namespaces that can be seen, read when they are first needed. */
  readonly namespaces: () => readonly MountNamespace[]
  /** Whether files on mounts that no table shows are left alone. */
  readonly isCautious: boolean
  /** Tells the mount by which a link leads to its file; undefined where that is not asked for. */
  readonly mountBehind: (link: string) => number | undefined

  readonly files: Map<FileKey, FoundFile>
  readonly areas: FoundArea[]
  readonly descriptors: FoundDescriptor[]
  readonly segments: FoundSegment[]
  readonly doubtful: FoundSegment[]
  readonly mounts: FoundMount[]
  readonly buffers: FoundBuffer[]
  readonly inFlight: string[]
  readonly pinned: Map<PageSize, Pages>
  readonly unseen: Map<number, UnseenProcess>
  readonly statuses: Map<FileKey, FileStatus>
  readonly origins: Map<FileKey, SegmentOrigin>
  /** The devices of the mounts that lie over another one. */
  readonly covering: Set<string>
  /** The address space in kB of each process whose status was read. */
  readonly spaces: Map<string, number>
  /** Why /proc leaves out processes, where it does. */
  hidden: HiddenBy | undefined
  /** The directories on which a hugetlbfs was found, in whatever namespace. */
  readonly targets: Set<string>
  /** The devices whose files were looked at. */
  readonly walked: Set<string>
  /**
   * The IPC namespaces of which segments were looked at, by a path to each but that of this process,
   * and whether segments without pages counted.
   */
  readonly ipcNamespaces: Map<string, { readonly path?: string; readonly untouched: boolean }>
  /** Directories of mounts that could not be read, by device and path. */
  readonly unread: Map<string, UnreadDirectory>
  /** Files that a cautious scan did not ask what they are, by mount and path. */
  readonly unasked: Map<string, UnaskedFile>
  /** Namespaces that something else than a process keeps, as `mnt:[4026532200]`, by a path to each. */
  readonly kept: Map<string, string>
  /** Descriptors whose texts do not tell that they lead to huge pages. */
  readonly distant: {
    readonly pid: string
    readonly directory: string
    readonly name: string
    readonly path: string
  }[]
  /** Descriptors that may keep something which only their fdinfo shows. */
  readonly opaque: {
    readonly pid: string
    readonly name: string
    /** The path of the file of /proc that shows what it keeps. */
    readonly fdinfo: string
    readonly isRing: boolean
  }[]
}

/** Adds a file, or what is newly known of one. */
export const addFile = ({ files }: Scan, file: FoundFile): void => {
  const before = files.get(file.key)
  if (before === undefined) files.set(file.key, file)
  else if (before.pages === undefined || (file.isNamed && !before.isNamed))
    files.set(file.key, {
      ...before,
      ...file,
      isNamed: before.isNamed || file.isNamed,
    })
}

const more = (a: Pages, b: Pages): Pages => (a > b ? a : b)

/**
 * Files that this process may not look at have at least the pages that one process has in its page
 * table.
 */
const withFaulted = ({ files, areas }: Scan): ReadonlyMap<FileKey, FoundFile> => {
  const all = new Map(files)
  for (const { key, isPrivate, present: faulted } of areas) {
    const file = files.get(key)
    if (isPrivate || file === undefined || file.pages !== undefined) continue
    all.set(key, { ...file, pages: more(faulted, all.get(key)?.pages ?? 0n) })
  }
  return all
}

const someOf = <T>(all: readonly T[]): readonly T[] | undefined =>
  all.length === 0 ? undefined : all

export const foundSoFar = (scan: Scan): FoundPages =>
  present({
    files: withFaulted(scan),
    areas: scan.areas,
    descriptors: scan.descriptors,
    segments: scan.segments,
    mounts: scan.mounts,
    buffers: scan.buffers,
    inFlight: scan.inFlight,
    pinned: scan.pinned,
    unseen: scan.unseen,
    doubtful: someOf(scan.doubtful),
    unread: someOf([...scan.unread.values()]),
    unasked: someOf([...scan.unasked.values()]),
    statuses: scan.statuses,
    origins: scan.origins,
    covering: scan.covering,
    hidden: scan.hidden,
    spaces: scan.spaces.size === 0 ? undefined : scan.spaces,
    onlyNode: scan.nodes.only,
    userOf: scan.userOf,
  })
