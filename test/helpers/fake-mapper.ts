import type { Mapper } from '../../src/kernel/mapping/mapper.ts'
import { ProcessGone } from '../../src/kernel/mapping/sharing/share-conversation.ts'
import type {
  Mapping,
  MapRequest,
  SegmentRequest,
  TouchedPages,
  TouchRequest,
} from '../../src/kernel/native/native-mapping.ts'
import { policyModes } from '../../src/model/words/policy.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import type { FakeKernel, Mapping as Pages } from './fake-kernel/fake-kernel.ts'
import { type Errno, systemError } from './fake-kernel/fake-kernel-errors.ts'

/** What a test turns while pages are mapped. */
export interface FakeMapper extends Mapper {
  /** Descriptors that are open, and mappings that are there. */
  readonly open: ReadonlySet<number>
  readonly mapped: ReadonlySet<Mapping>
  /** What was asked for, in order. */
  readonly requests: readonly (MapRequest | SegmentRequest)[]
  readonly touches: TouchRequest[]
  /** Files by path, for `openExisting`: bytes of hugetlbfs, undefined for a device. */
  readonly existing: Map<string, { readonly pageSize?: bigint; readonly bytes: bigint }>
  /** The length of every file, whatever was mapped. */
  truncatedTo: bigint | undefined
  /** What pages in every file take. */
  heldInFiles: bigint
  /** Somebody deletes a file that has been opened. */
  unlink(path: string): void
  /** Directories in which no file may be made. */
  readonly closedTo: Set<string>
  /** Of the file system on which a file came to lie, in place of 2M. */
  otherPageSize: bigint | undefined
  /** What every mount leaves. */
  freeOnMount: bigint | undefined
  /** The next map or attach answers so. */
  refusal: { readonly errno: Errno; readonly syscall: string } | undefined
  /** A page that answers with an errno, whatever the pool has. */
  failing: { readonly page: number; readonly errno: string } | undefined
  /** How far other threads have come when a page fails. */
  reaching: number | undefined
  /** Called before each page is touched. */
  onTouch: ((page: number) => void) | undefined
  /** A page in which another pattern is found. */
  differing: number | undefined
  /** Frame numbers of pages; none without privilege. */
  readonly frameNumbers: (bigint | undefined)[]
  populates: boolean
  /** Every other process ends by a signal at this call. */
  killedAt: 'map' | 'touch' | 'write' | 'verify' | 'hold' | undefined
  /** Every touch, or every look at nodes, or the next memfd, answers so. */
  unable: { readonly call: 'touch' | 'nodes' | 'memfd'; readonly error: Error } | undefined
  /** Touching takes so many milliseconds of the clock, unless it is stopped. */
  delay: number
  readonly clock: FakeClock
}

/** What mappings of one file share: its pages, in the order in which they were touched. */
interface Inode {
  pages?: Pages
  readonly order: number[]
  bytes: bigint
  /** Descriptors and mappings: the pages go with the last of them. */
  users: number
}

const newInode = (bytes = 0n): Inode => ({ order: [], bytes, users: 0 })

const baseAddress = 0x7f0000000000n

/** One mapping: pages of the fake kernel, touched from the first to the last in any order. */
const mappingOf = (
  fake: FakeMapper,
  pages: number,
  kernelPages: Pages,
  order: number[],
  release: () => void,
): Mapping => {
  let visited = 0
  let stopped = false
  const visit = (from: number, to: number, act: (page: number) => void): TouchedPages => {
    visited = 0
    stopped = false
    for (let page = from; page < to && !stopped; page += 1) {
      fake.onTouch?.(page)
      if (fake.failing?.page === page) return failedAmong(page, fake.failing.errno, act)
      if (fake.truncatedTo !== undefined && fake.truncatedTo < BigInt(page + 1) * 2n ** 21n)
        return failed(page, 'EFAULT')
      try {
        act(page)
      } catch {
        return failed(page, 'EFAULT')
      }
      visited += 1
    }
    return { pages: visited, seconds: 0.5, stopped, reached: from + visited }
  }
  /** Other threads go on meanwhile. */
  const failedAmong = (page: number, errno: string, act: (page: number) => void): TouchedPages => {
    for (let other = page + 1; other < (fake.reaching ?? 0); other += 1) {
      act(other)
      visited += 1
    }
    return failed(page, errno)
  }
  const failed = (page: number, errno: string): TouchedPages => ({
    pages: visited,
    seconds: 0.5,
    failure: { page, errno },
    stopped: false,
    reached: fake.reaching ?? page + 1,
  })
  const touchPage = (page: number): void => {
    if (order.includes(page)) return
    kernelPages.touch(1n)
    order.push(page)
  }
  const mapping: Mapping = {
    address: baseAddress,
    pages,
    touch: async (request) => {
      fake.touches.push(request)
      const { from, to } = request
      if (fake.unable?.call === 'touch') throw fake.unable.error
      stopped = false
      const end = fake.clock.clock() + fake.delay
      while (!stopped && fake.clock.clock() < end) await new Promise(setImmediate)
      return stopped
        ? { pages: 0, seconds: 0.5, stopped, reached: from }
        : visit(from, to, touchPage)
    },
    touched: () => visited,
    // As those of the addon, which are methods of an object.
    stop(this: unknown) {
      if (this !== mapping) throw new TypeError('Illegal invocation')
      stopped = true
    },
    write: async (from, to) => visit(from, to, touchPage),
    verify: async (from, to) => {
      const { differing } = fake
      if (differing === undefined || differing < from || differing >= to)
        return visit(from, to, touchPage)
      return { ...visit(from, differing, touchPage), difference: { page: differing, offset: 8 } }
    },
    nodes: (from, to) => {
      if (fake.unable?.call === 'nodes') throw fake.unable.error
      return Array.from({ length: to - from }, (_, index) => {
        const at = order.indexOf(from + index)
        return at < 0 ? -2 : (kernelPages.nodes()[at] ?? -2)
      })
    },
    unmap: async () => release(),
  }
  return mapping
}

/** Mappings on a fake kernel, and files that are there as long as anybody has them. */
export const fakeMapper = (kernel: FakeKernel): FakeMapper => {
  const files = new Map<number, Inode>()
  const behind = new Map<Mapping, Inode>()
  const named = new Map<string, Inode>()
  const open = new Set<number>()
  const mapped = new Set<Mapping>()
  const requests: (MapRequest | SegmentRequest)[] = []
  let next = 1000
  const opened = (inode: Inode): number => {
    next += 1
    open.add(next)
    files.set(next, inode)
    inode.users += 1
    return next
  }
  const release = (inode: Inode): void => {
    inode.users -= 1
    if (inode.users === 0) inode.pages?.unmap()
  }
  const pagesFor = ({ bytes, pageSize, noreserve, policy }: SegmentRequest): Pages =>
    kernel.map(BigInt(pageSize), BigInt(bytes / pageSize), {
      noreserve,
      survives: true,
      ...(policy?.mode === policyModes.bind && { bind: policy.nodes }),
    })
  const make = (request: SegmentRequest, inode: Inode): Mapping => {
    requests.push(request)
    if (fake.refusal) throw systemError(fake.refusal.errno, fake.refusal.syscall)
    inode.pages ??= pagesFor(request)
    inode.users += 1
    const mapping = mappingOf(
      fake,
      request.bytes / request.pageSize,
      inode.pages,
      inode.order,
      () => {
        if (mapped.delete(mapping)) release(inode)
      },
    )
    mapped.add(mapping)
    behind.set(mapping, inode)
    return mapping
  }
  const refuse = (call: 'memfd'): void => {
    if (fake.unable?.call === call) throw fake.unable.error
  }
  const fake: FakeMapper = {
    open,
    mapped,
    requests,
    touches: [],
    existing: new Map(),
    truncatedTo: undefined,
    heldInFiles: 0n,
    closedTo: new Set(),
    otherPageSize: undefined,
    freeOnMount: undefined,
    refusal: undefined,
    failing: undefined,
    reaching: undefined,
    onTouch: undefined,
    differing: undefined,
    frameNumbers: [],
    populates: true,
    unable: undefined,
    killedAt: undefined,
    delay: 0,
    clock: fakeClock(),
    map: async (request) => {
      const { descriptor, shared, populate, bytes } = request
      const file = descriptor === undefined ? undefined : files.get(descriptor)
      if (file) file.bytes = BigInt(bytes)
      const mapping = make(request, (shared ? file : undefined) ?? newInode())
      if (populate) await mapping.touch({ from: 0, to: mapping.pages } as never)
      return mapping
    },
    attachSegment: async (request) => make(request, newInode()),
    unnamedFile: () => opened(newInode()),
    realPath: (path) => path,
    mayWrite: (directory) => !fake.closedTo.has(directory),
    pageSizeOf: () => fake.otherPageSize ?? 2n ** 21n,
    memfd: () => {
      refuse('memfd')
      return opened(newInode())
    },
    openExisting: (path) => {
      const file = fake.existing.get(path)
      if (file === undefined) throw systemError('ENOENT', 'stat', path)
      // Its name is a user of it as well.
      const inode = named.get(path) ?? { ...newInode(file.bytes), users: 1 }
      named.set(path, inode)
      const descriptor = opened(inode)
      return { descriptor, ...(file.pageSize !== undefined && { pageSize: file.pageSize }) }
    },
    close: (descriptor) => {
      const inode = files.get(descriptor)
      if (!open.delete(descriptor) || inode === undefined) throw systemError('EBADF', 'close')
      release(inode)
    },
    fileBytes: (descriptor) => fake.truncatedTo ?? files.get(descriptor)?.bytes ?? 0n,
    isNamed: (descriptor) => [...named.values()].some((inode) => inode === files.get(descriptor)),
    unlink: (path) => {
      const inode = named.get(path)
      named.delete(path)
      if (inode) release(inode)
    },
    heldBytes: (descriptor) =>
      fake.heldInFiles + BigInt(files.get(descriptor)?.order.length ?? 0) * 2n ** 21n,
    freeBytes: () => fake.freeOnMount,
    canPopulate: () => fake.populates,
    frames: (_, pages) => fake.frameNumbers.slice(0, Number(pages)),
    share: async (descriptor, request) => {
      const gone = new ProcessGone('ended by SIGKILL')
      if (fake.killedAt === 'map') throw gone
      const mapping = await fake.map({ ...request, descriptor })
      next += 1
      const killed = fake.killedAt && { [fake.killedAt]: () => Promise.reject(gone) }
      const isGone = () => (fake.killedAt === 'hold' ? gone : undefined)
      return Object.assign(mapping, { pid: next, gone: isGone, ...killed })
    },
    openMapped: (mapping) => opened(behind.get(mapping) ?? newInode()),
  }
  return fake
}
