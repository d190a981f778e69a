import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs'
import type { Sharing } from '../../model/mapping/mapping-request.ts'
import type { Bytes } from '../../model/words/bytes.ts'
import type { Pages } from '../../model/words/count.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { errnoOf } from '../errno.ts'
import { heldPath, pathOnly } from '../held-directory.ts'
import { hugetlbfsAt, hugetlbfsBehind, isLimited } from '../mounts/hugetlbfs-statfs.ts'
import type { Native } from '../native/native.ts'
import type {
  ForkingMapping,
  Mapping,
  MapRequest,
  OwnMapping,
  SegmentRequest,
} from '../native/native-mapping.ts'
import { mayMakeFiles } from '../processes/read-directory-access.ts'
import { realPathOf } from '../real-path.ts'
import { release } from '../release-descriptor.ts'
import { heldBytes } from '../stat-blocks.ts'
import { readFrames } from './pagemap.ts'
import { mapInProcess, type ProcessMapping } from './sharing/process-mapping.ts'

/** A file that existed before. */
export interface ExistingFile {
  readonly descriptor: number
  /** The page size of the hugetlbfs; absent for a character device. */
  readonly pageSize?: PageSize
}

/** The kernel calls of a test mapping. Tests replace them with a fake. */
export interface Mapper {
  map(request: MapRequest): Promise<OwnMapping>
  attachSegment(request: SegmentRequest): Promise<ForkingMapping>
  /**
   * Returns a descriptor of a file without a name. The file is gone with its last user, however
   * that ends.
   */
  unnamedFile(directory: string): number
  /** Returns a path with every symbolic link followed. */
  realPath(path: string): string
  /** Whether this process may make files in a directory. */
  mayWrite(directory: string): boolean
  /** Returns the page size of the hugetlbfs that has a file; undefined on another file system. */
  pageSizeOf(descriptor: number): PageSize | undefined
  memfd(pageSize: PageSize): number
  /**
   * Opens a file of hugetlbfs or a character device. Returns undefined where the path is neither.
   */
  openExisting(path: string, sharing: Sharing): ExistingFile | undefined
  close(descriptor: number): void
  fileBytes(descriptor: number): Bytes
  /** Whether a file still has a name. Without one, it is gone with its last user. */
  isNamed(descriptor: number): boolean
  /** Returns the bytes of the pages that a file has. */
  heldBytes(descriptor: number): Bytes
  /** Returns the bytes that the size limit of the hugetlbfs leaves; undefined without a limit. */
  freeBytes(descriptor: number): Bytes | undefined
  canPopulate(): boolean
  /** Returns the frame number of each page, in base pages; undefined where it cannot be seen. */
  frames(mapping: Mapping, pages: Pages, size: PageSize): readonly (bigint | undefined)[]
  /** Starts another process that maps the file of a descriptor. */
  share(descriptor: number, request: MapRequest, abort: AbortSignal): Promise<ProcessMapping>
  /** Opens what is mapped at an address. It needs root (CAP_CHECKPOINT_RESTORE). */
  openMapped(mapping: Mapping, bytes: Bytes): number
}

/** O_TMPFILE of include/uapi/asm-generic/fcntl.h, which Node does not name. */
export const temporaryFile = 0o20000000 | constants.O_DIRECTORY

const ownerOnly = 0o600

/**
 * Makes a file and removes its name at once, because hugetlbfs has no O_TMPFILE before 5.10. The
 * directory is held, so that both calls are about the same one.
 */
const openAndUnlink = (directory: string): number => {
  const held = openSync(`${directory}/.`, pathOnly | constants.O_DIRECTORY)
  const name = `.hugepool-${Math.trunc(Math.random() * 2 ** 48).toString(16)}`
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL
  try {
    const descriptor = openSync(heldPath(held, name), flags, ownerOnly)
    unlinkSync(heldPath(held, name))
    return descriptor
  } finally {
    release(held)
  }
}

/** Whether open(2) failed because the file system has no unnamed files. */
export const isWithoutUnnamed = (error: unknown): boolean =>
  ['EOPNOTSUPP', 'ENOTSUP', 'EISDIR'].includes(errnoOf(error) ?? '')

const unnamedFile = (directory: string): number => {
  try {
    return openSync(directory, constants.O_RDWR | temporaryFile, ownerOnly)
  } catch (error) {
    if (!isWithoutUnnamed(error)) throw error
    return openAndUnlink(directory)
  }
}

const isWanted = (stat: Stats, path: string): boolean =>
  stat.isCharacterDevice() || (stat.isFile() && hugetlbfsAt(path) !== undefined)

/**
 * Opens a file for a mapping. O_RDONLY is enough for a private one, which copies what it writes.
 */
const openFor = (path: string, sharing: Sharing): number => {
  try {
    return openSync(path, constants.O_RDWR)
  } catch (error) {
    const errno = errnoOf(error)
    if (sharing !== 'private' || (errno !== 'EACCES' && errno !== 'EROFS')) throw error
    return openSync(path, constants.O_RDONLY)
  }
}

/** Looks at a file before it opens it, because opening alone has an effect on some devices. */
const openExisting = (path: string, sharing: Sharing): ExistingFile | undefined => {
  if (!isWanted(statSync(path), path)) return undefined
  const descriptor = openFor(path, sharing)
  if (fstatSync(descriptor).isCharacterDevice()) return { descriptor }
  const found = hugetlbfsBehind(descriptor)
  return present({ descriptor, pageSize: found?.bsize })
}

const freeBytes = (descriptor: number): Bytes | undefined => {
  const found = hugetlbfsBehind(descriptor)
  return found && isLimited(found) ? found.bfree * found.bsize : undefined
}

/**
 * Opens a SysV segment, which has no descriptor, by the link that every mapping of a file has
 * (proc_pid_map_files(5)).
 */
const openMapped = ({ address }: Mapping, bytes: Bytes): number => {
  const range = [address, address + bytes].map((end) => end.toString(16)).join('-')
  return openSync(`/proc/self/map_files/${range}`, constants.O_RDWR)
}

/**
 * The errnos of a kernel without pagemap, of a process without /proc, and of a sandbox that forbids
 * reading pagemap.
 */
const unseen: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EPERM'])

const framesOf: Mapper['frames'] = ({ address }, pages, size) => {
  try {
    const extent = { address, pageSize: Number(size), pages: Number(pages) }
    return readFrames(extent).map((frame) => (frame === undefined ? undefined : BigInt(frame)))
  } catch (error) {
    if (!unseen.has(errnoOf(error) ?? '')) throw error
    return []
  }
}

/**
 * Returns a mapper that calls the running kernel through the addon. `program` is the command that
 * starts hugepool again.
 */
export const mapperWith = (native: Native, program: readonly string[]): Mapper => ({
  map: (request) => native.map(request),
  attachSegment: (request) => native.attachSegment(request),
  unnamedFile,
  realPath: realPathOf,
  mayWrite: mayMakeFiles,
  pageSizeOf: (descriptor) => hugetlbfsBehind(descriptor)?.bsize,
  memfd: (pageSize) => native.memfd('hugepool', Number(pageSize)),
  openExisting,
  close: closeSync,
  fileBytes: (descriptor) => fstatSync(descriptor, { bigint: true }).size,
  isNamed: (descriptor) => fstatSync(descriptor).nlink > 0,
  heldBytes: (descriptor) => heldBytes(fstatSync(descriptor, { bigint: true })),
  freeBytes,
  canPopulate: () => native.canPopulate(),
  frames: framesOf,
  share: (descriptor, request, abort) => mapInProcess(program, descriptor, request, abort),
  openMapped,
})
