import {
  closeSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Mapper } from '../../src/kernel/mapping/mapper.ts'
import type { MapRequest, OwnMapping } from '../../src/kernel/native/native-mapping.ts'
import { policyModes } from '../../src/model/words/policy.ts'
import { present } from '../../src/model/words/present.ts'
import type { Result } from './caught.ts'
import { forksNot } from './fake-fork.ts'
import {
  type FakeKernel,
  type FakeKernelOptions,
  fakeKernel,
  type Mapping as Pages,
} from './fake-kernel/fake-kernel.ts'
import { systemError } from './fake-kernel/fake-kernel-errors.ts'
import { fakeMapper } from './fake-mapper.ts'
import { nativeWith, none } from './fake-native.ts'
import { native } from './mapping.ts'
import { type FakeOptions, onFake } from './on-fake.ts'
import { temporary } from './run.ts'
import { M } from './sizes.ts'
import { twoNodes } from './test-on-fake.ts'

/** The page size of the directory that stands for a hugetlbfs, in bytes. */
export const stagePage = Number(2n * M)

/** What a test turns while a file is copied. */
export interface CopyTurns {
  /** What the size limit of the mount leaves; undefined without one. */
  freeOnMount: bigint | undefined
  /** A page of the file that the kernel does not give, and its errno. */
  failing: { readonly page: number; readonly errno: string } | undefined
  /** What a store answers. */
  storing: 'EFAULT' | 'EHWPOISON' | undefined
  /** What mmap answers. */
  mapping: 'ENODEV' | undefined
  /** What linkat(2) answers. */
  linking: 'EACCES' | undefined
  /** Called before each store with the place in the file. */
  onStore: ((position: number) => void) | undefined
  populates: boolean
}

/** The pages of each file on the stage, by inode. */
type PagesOf = Map<string, Map<number, Pages>>

const inodeOf = (descriptor: number): string => {
  const { dev, ino } = fstatSync(descriptor)
  return `${dev}:${ino}`
}

const heldPages = (files: PagesOf, descriptor: number): Map<number, Pages> => {
  const key = inodeOf(descriptor)
  const held = files.get(key) ?? new Map<number, Pages>()
  files.set(key, held)
  return held
}

/** Reserves the pages of a range that the file has not, all of them or none. */
const reserve = (kernel: FakeKernel, held: Map<number, Pages>, request: MapRequest): void => {
  const { offset = 0, bytes, policy } = request
  const bind = policy?.mode === policyModes.bind ? policy.nodes : undefined
  const made: [number, Pages][] = []
  for (let at = offset / stagePage; at < (offset + bytes) / stagePage; at += 1) {
    if (held.has(at)) continue
    try {
      made.push([at, kernel.map(2n * M, 1n, present({ survives: true, bind }))])
    } catch (error) {
      for (const [, pages] of made) pages.unmap()
      throw error
    }
  }
  for (const [at, pages] of made) held.set(at, pages)
}

/** A mapping of a file of this disk, whose pages are counted by a fake kernel. */
const fileMapping = (
  turns: CopyTurns,
  held: ReadonlyMap<number, Pages>,
  { descriptor = -1, offset = 0, bytes }: MapRequest,
): OwnMapping => {
  const first = offset / stagePage
  const pages = bytes / stagePage
  return {
    address: 0n,
    pages,
    touch: async ({ from, to }) => {
      for (let at = from; at < to; at += 1) {
        const { failing } = turns
        const errno = failing?.page === first + at ? failing.errno : undefined
        if (errno !== undefined)
          return {
            pages: at,
            seconds: 0,
            stopped: false,
            reached: at,
            failure: { page: at, errno },
          }
        const page = held.get(first + at)
        if (page?.nodes().length === 0) page.touch(1n)
      }
      return { pages: to - from, seconds: 0, stopped: false, reached: to }
    },
    touched: () => 0,
    stop: () => {},
    write: none,
    verify: none,
    store: (at, data) => {
      turns.onStore?.(offset + at)
      if (turns.storing !== undefined)
        throw Object.assign(new Error(turns.storing), { code: turns.storing, syscall: 'store' })
      writeSync(descriptor, data, 0, data.length, offset + at)
    },
    nodes: (from, to) =>
      Array.from({ length: to - from }, (_, at) => held.get(first + from + at)?.nodes()[0] ?? -2),
    ...forksNot,
    unmap: async () => {},
  }
}

const heldBytesOf = (files: PagesOf, descriptor: number): bigint => {
  const held = [...heldPages(files, descriptor).values()]
  return BigInt(held.filter((page) => page.nodes().length > 0).length * stagePage)
}

const stageMapper = (
  kernel: FakeKernel,
  turns: CopyTurns,
  huge: string,
  files: PagesOf,
): Mapper => {
  const isHuge = (descriptor: number): boolean =>
    readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(huge)
  return {
    ...fakeMapper(kernel),
    close: closeSync,
    canPopulate: () => turns.populates,
    fileBytes: (descriptor) => fstatSync(descriptor, { bigint: true }).size,
    heldBytes: (descriptor) =>
      isHuge(descriptor)
        ? heldBytesOf(files, descriptor)
        : fstatSync(descriptor, { bigint: true }).blocks * 512n,
    freeBytes: () => turns.freeOnMount,
    pageSizeOf: (descriptor) => {
      // An inode that was free before has a number that another file had.
      if (fstatSync(descriptor).size === 0) files.delete(inodeOf(descriptor))
      return isHuge(descriptor) ? 2n * M : undefined
    },
    map: async (request) => {
      const { descriptor = -1, offset = 0, bytes } = request
      if (turns.mapping !== undefined) throw systemError(turns.mapping as never, 'mmap')
      const held = heldPages(files, descriptor)
      reserve(kernel, held, request)
      if (fstatSync(descriptor).size < offset + bytes) ftruncateSync(descriptor, offset + bytes)
      return fileMapping(turns, held, request)
    },
  }
}

/** Gives back the pages of files that have gone. */
const giveBack = (files: PagesOf, directories: readonly string[]): void => {
  const there = directories.flatMap((directory) =>
    readdirSync(directory).map((name) => {
      const { dev, ino } = lstatSync(join(directory, name))
      return `${dev}:${ino}`
    }),
  )
  for (const [key, held] of files) {
    if (there.includes(key)) continue
    for (const pages of held.values()) pages.unmap()
    files.delete(key)
  }
}

const stageCalls = (turns: CopyTurns) =>
  nativeWith({
    seek: native.seek,
    linkDescriptor: (descriptor, path) => {
      if (turns.linking !== undefined)
        throw Object.assign(new Error(turns.linking), { code: turns.linking, syscall: 'linkat' })
      native.linkDescriptor(descriptor, path)
    },
    setTimes: native.setTimes,
  })

/**
 * Two directories of this disk: one stands for a hugetlbfs, whose pages a fake kernel counts. In a
 * line their paths are written as `huge/` and `plain/`.
 */
export const copyStage = (t: Test, options: FakeKernelOptions = twoNodes) => {
  const top = temporary(t)
  const [huge, plain] = [join(top, 'huge'), join(top, 'plain')]
  mkdirSync(huge)
  mkdirSync(plain)
  const kernel = fakeKernel(options)
  kernel.extra.set('/proc/self/mountinfo', `99 28 0:70 / ${huge} rw - hugetlbfs none rw\n`)
  const turns: CopyTurns = {
    freeOnMount: undefined,
    failing: undefined,
    storing: undefined,
    mapping: undefined,
    linking: undefined,
    onStore: undefined,
    populates: true,
  }
  const files: PagesOf = new Map()
  const mapper = stageMapper(kernel, turns, huge, files)
  // The directory is gone from the text, and so are the blanks that its length has put there.
  const named = (text: string): string => text.replaceAll(top, '').replaceAll(/ {2,}/g, '  ')
  const run = async (line: string, around: FakeOptions = {}): Promise<Result> => {
    const words = line.replaceAll(/(^| )(huge|plain)(?=\/| |$)/g, `$1${top}/$2`)
    const result = await onFake(kernel, words, { mapper, native: stageCalls(turns), ...around })
    giveBack(files, [huge, plain])
    return { ...result, stdout: named(result.stdout), stderr: named(result.stderr) }
  }
  /** Makes a file on the hugetlbfs, with pages where there is something. */
  const makeHuge = (name: string, pages: readonly (Buffer | undefined)[]): string => {
    const path = join(huge, name)
    writeFileSync(path, '')
    const descriptor = openSync(path, 'r+')
    ftruncateSync(descriptor, pages.length * stagePage)
    const held = heldPages(files, descriptor)
    for (const [at, data] of pages.entries()) {
      if (data === undefined) continue
      writeSync(descriptor, data, 0, data.length, at * stagePage)
      const page = kernel.map(2n * M, 1n)
      page.touch(1n)
      held.set(at, page)
    }
    closeSync(descriptor)
    return path
  }
  return {
    huge,
    plain,
    kernel,
    turns,
    mapper,
    run,
    makeHuge,
    /** The names in both directories, hidden ones too. */
    names: () => ({ huge: readdirSync(huge).sort(), plain: readdirSync(plain).sort() }),
  }
}
