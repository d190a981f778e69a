import type { Mapper } from '../../src/kernel/mapping/mapper.ts'
import { ProcessGone } from '../../src/kernel/mapping/sharing/share-conversation.ts'
import type {
  Mapping,
  MapRequest,
  OwnMapping,
  SegmentRequest,
} from '../../src/kernel/native/native-mapping.ts'
import { policyModes } from '../../src/model/words/policy.ts'
import { present } from '../../src/model/words/present.ts'
import { type FakeFiles, fakeFiles, type Inode, newInode, releaseInode } from './fake-files.ts'
import { fakeFork } from './fake-fork.ts'
import type { FakeKernel, Mapping as Pages } from './fake-kernel/fake-kernel.ts'
import { systemError } from './fake-kernel/fake-kernel-errors.ts'
import { fakeMapping } from './fake-mapping.ts'
import { type FakeTurns, newTurns } from './fake-turns.ts'

/** Mappings on a fake kernel, what a test sees of them, and what it turns. */
export interface FakeMapper extends Mapper, FakeTurns {
  /** Descriptors that are open, and mappings that are there. */
  readonly open: ReadonlySet<number>
  readonly mapped: ReadonlySet<Mapping>
  /** What was asked for, in order. */
  readonly requests: readonly (MapRequest | SegmentRequest)[]
  /** Somebody deletes a file that has been opened. */
  unlink(path: string): void
}

const pagesFor = (
  kernel: FakeKernel,
  { bytes, pageSize, noreserve, policy }: SegmentRequest,
): Pages =>
  kernel.map(
    BigInt(pageSize),
    BigInt(bytes / pageSize),
    present({
      noreserve,
      survives: true,
      bind: policy?.mode === policyModes.bind ? policy.nodes : undefined,
    }),
  )

/** The mappings that are there, each with its file, and all requests for them. */
const fakeMappings = (kernel: FakeKernel, turns: FakeTurns) => {
  const behind = new Map<Mapping, Inode>()
  const mapped = new Set<Mapping>()
  const requests: (MapRequest | SegmentRequest)[] = []
  const make = (request: SegmentRequest | MapRequest, inode: Inode): OwnMapping => {
    requests.push(request)
    if (turns.refusal) throw systemError(turns.refusal.errno, turns.refusal.syscall)
    inode.pages ??= pagesFor(kernel, request)
    inode.users += 1
    const pages = request.bytes / request.pageSize
    const mapping = fakeMapping(turns, pages, inode.pages, inode.order, () => {
      if (mapped.delete(mapping)) releaseInode(inode)
    })
    Object.assign(
      mapping,
      fakeFork(kernel, { ...request, shared: !('shared' in request) || request.shared }),
    )
    mapped.add(mapping)
    behind.set(mapping, inode)
    return mapping
  }
  return { mapped, requests, make, inodeBehind: (mapping: Mapping) => behind.get(mapping) }
}

type FakeMappings = ReturnType<typeof fakeMappings>

const mappingCalls = (
  { inodeOf, opened }: FakeFiles,
  { make, inodeBehind }: FakeMappings,
): Pick<Mapper, 'map' | 'attachSegment' | 'openMapped'> => ({
  map: async (request) => {
    const { descriptor, shared, populate, bytes } = request
    const file = descriptor === undefined ? undefined : inodeOf(descriptor)
    if (file) file.bytes = BigInt(bytes)
    const mapping = make(request, (shared ? file : undefined) ?? newInode())
    if (populate) await mapping.touch({ from: 0, to: mapping.pages } as never)
    return mapping
  },
  attachSegment: async (request) => make(request, newInode()),
  openMapped: (mapping) => opened(inodeBehind(mapping) ?? newInode()),
})

const fileCalls = (
  turns: FakeTurns,
  { inodeOf, opened, openExisting, close, isNamed, unlink }: FakeFiles,
) => ({
  unnamedFile: () => opened(newInode()),
  memfd: () => {
    if (turns.unable?.call === 'memfd') throw turns.unable.error
    return opened(newInode())
  },
  openExisting,
  close,
  isNamed,
  unlink,
  fileBytes: (descriptor: number) => turns.truncatedTo ?? inodeOf(descriptor)?.bytes ?? 0n,
  heldBytes: (descriptor: number) =>
    turns.heldInFiles + BigInt(inodeOf(descriptor)?.order.length ?? 0) * 2n ** 21n,
  realPath: (path: string) => path,
  mayWrite: (directory: string) => !turns.closedTo.has(directory),
  pageSizeOf: () => turns.otherPageSize ?? 2n ** 21n,
  freeBytes: () => turns.freeOnMount,
})

/** Mappings on a fake kernel, and files that are there as long as anybody has them. */
export const fakeMapper = (kernel: FakeKernel): FakeMapper => {
  const turns = newTurns()
  const files = fakeFiles(turns.existing)
  const mappings = fakeMappings(kernel, turns)
  const { mapped, requests } = mappings
  const share: Mapper['share'] = async (descriptor, request) => {
    const gone = new ProcessGone('ended by SIGKILL')
    if (fake.killedAt === 'map') throw gone
    const mapping = await fake.map({ ...request, descriptor })
    const pid = files.nextNumber()
    const killed = fake.killedAt && { [fake.killedAt]: () => Promise.reject(gone) }
    const isGone = () => (fake.killedAt === 'hold' ? gone : undefined)
    return Object.assign(mapping, { pid, gone: isGone, ...killed })
  }
  const calls = { ...fileCalls(turns, files), ...mappingCalls(files, mappings) }
  // Tests turn the object that all calls look at.
  const fake: FakeMapper = Object.assign(turns, calls, {
    open: files.open,
    mapped,
    requests,
    canPopulate: () => turns.populates,
    frames: (_: unknown, pages: bigint) => turns.frameNumbers.slice(0, Number(pages)),
    share,
  })
  return fake
}
