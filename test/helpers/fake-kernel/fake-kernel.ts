import type { Tree } from '../../../src/kernel/tree.ts'
import { asOctets, octets } from '../../../src/model/etc/octets.ts'
import { type Errno, faultError, systemError } from './fake-kernel-errors.ts'
import { type Controls, type FakeFile, type NamedFile, poolFiles } from './fake-kernel-files.ts'
import { machineFiles } from './fake-kernel-machine.ts'
import { type MapOptions, type Mapping, mapPages } from './fake-kernel-map.ts'
import { createState, type FakeKernelOptions, poolOf } from './fake-kernel-state.ts'

export type { Errno } from './fake-kernel-errors.ts'
export type { MapOptions, Mapping } from './fake-kernel-map.ts'
export type { FakeKernelOptions, FakeNode, FakePool } from './fake-kernel-state.ts'

export interface Write {
  readonly path: string
  readonly value: string
}

export type FaultTimes = 'next' | 'always'

/** A kernel behind the seam, and what a test can do to it. */
export interface FakeKernel extends Tree {
  /** Every call of write, in order, with those that failed. */
  readonly writes: readonly Write[]
  /** Every write and check answers EROFS, as in most containers. */
  readOnly: boolean
  /** Every write and check answers EACCES. */
  unprivileged: boolean
  /** The nodes of the writer's memory policy; undefined for the default one. */
  policy: readonly number[] | undefined
  /** Called before each read, so that a test can change the state between two of them. */
  onRead: ((path: string) => void) | undefined
  /** Files beside those of pools and memory, by path; their texts are read as UTF-8. */
  readonly extra: Map<string, string>
  failRead(path: string, errno: Errno, times?: FaultTimes): void
  failWrite(path: string, errno: Errno, times?: FaultTimes): void
  /** Lets each write to the path, or each that resizes the pool, allocate at most so many pages. */
  limitGrowth(pathOrSize: string | bigint, pages: bigint): void
  /** A process maps pages. Throws ENOMEM. */
  map(size: bigint, pages: bigint, options?: MapOptions): Mapping
  /** Reservations fall below zero, as from 6.12 on while a freed page is pinned. */
  resvWrap(size: bigint): void
  /** Pool files and their values, read past faults and `onRead`. */
  snapshot(): Readonly<Record<string, string>>
}

type UnnamedFinding = readonly [errno: Errno, times: FaultTimes]
type Faults = Map<string, UnnamedFinding>

const takeFault = (faults: Faults, path: string): Errno | undefined => {
  const [errno, times] = faults.get(path) ?? []
  if (times === 'next') faults.delete(path)
  return errno
}

/** The names right below a directory; none where there is no such directory. */
const namesBelow = (paths: Iterable<string>, directory: string): readonly string[] => {
  const prefix = directory.endsWith('/') ? directory : `${directory}/`
  const below = [...paths].filter((path) => path.startsWith(prefix))
  return [...new Set(below.map((path) => path.slice(prefix.length).split('/')[0] ?? ''))]
}

type Files = ReadonlyMap<string, FakeFile>

const readableText = (files: Files, path: string): string => {
  const file = files.get(path)
  if (file === undefined && namesBelow(files.keys(), path).length > 0)
    throw systemError('EISDIR', 'read')
  if (file === undefined) throw systemError('ENOENT', 'open', path)
  if (file.read === undefined) throw systemError('EACCES', 'open', path)
  return file.read()
}

const listNames = (files: Files, path: string): readonly string[] => {
  if (files.has(path)) throw systemError('ENOTDIR', 'scandir', path)
  const names = namesBelow(files.keys(), path)
  if (names.length === 0) throw systemError('ENOENT', 'scandir', path)
  return names
}

type Mode = Pick<FakeKernel, 'readOnly' | 'unprivileged'>

/** The file's write, or the error that opening it would meet. */
const openForWriting = (files: Files, mode: Mode, path: string, syscall: 'open' | 'access') => {
  const file = files.get(path)
  if (file === undefined) throw systemError('ENOENT', syscall, path)
  if (mode.readOnly) throw systemError('EROFS', syscall, path)
  if (mode.unprivileged || file.write === undefined) throw systemError('EACCES', syscall, path)
  return file.write
}

const snapshotOf = (files: readonly NamedFile[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    files.flatMap(([path, { read }]) => (read === undefined ? [] : [[path, read().trimEnd()]])),
  )

/** HugeTLB by the rules of mm/hugetlb.c for the release, over memory that is only counted. */
export const fakeKernel = (options: FakeKernelOptions = {}): FakeKernel => {
  const state = createState(options)
  const writes: Write[] = []
  const readFaults: Faults = new Map()
  const writeFaults: Faults = new Map()
  const controls: Controls = { policy: () => kernel.policy, growth: new Map() }
  const ofPools = poolFiles(state, controls)
  const files: Files = new Map([...ofPools, ...machineFiles(state)])
  const kernel: FakeKernel = {
    root: '/fake',
    writes,
    readOnly: false,
    unprivileged: false,
    onRead: undefined,
    policy: undefined,
    read: (path) => {
      kernel.onRead?.(path)
      const errno = takeFault(readFaults, path)
      if (errno !== undefined) throw faultError(errno, 'read', path)
      const text = kernel.extra.get(path)
      return text === undefined ? asOctets(readableText(files, path)) : octets(text)
    },
    write: (path, value) => {
      writes.push({ path, value })
      const errno = takeFault(writeFaults, path)
      if (errno !== undefined) throw faultError(errno, 'write', path)
      openForWriting(files, kernel, path, 'open')(`${value}\n`)
    },
    extra: new Map(),
    list: (path) =>
      listNames(new Map([...files, ...kernel.extra].map(([name]) => [name, {}])), path),
    checkWritable: (path) => {
      openForWriting(files, kernel, path, 'access')
    },
    failRead: (path, errno, times = 'next') => {
      readFaults.set(path, [errno, times])
    },
    failWrite: (path, errno, times = 'next') => {
      writeFaults.set(path, [errno, times])
    },
    limitGrowth: (pathOrSize, pages) => {
      controls.growth.set(pathOrSize, pages)
    },
    map: (size, pages, how) => mapPages(state, poolOf(state, size), pages, how),
    resvWrap: (size) => {
      poolOf(state, size).reserved = -1n
    },
    snapshot: () => snapshotOf(ofPools),
  }
  return kernel
}
