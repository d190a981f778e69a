import type { Mapper } from '../../src/kernel/mapping/mapper.ts'
import type {
  ForkingMapping,
  MapRequest,
  SegmentRequest,
  TouchRequest,
} from '../../src/kernel/native/native-mapping.ts'
import type { Via } from '../../src/model/mapping/mapping-request.ts'
import { type Policy, policyModes } from '../../src/model/words/policy.ts'
import type { Ports } from '../../src/operations/ports.ts'
import { type FakeKernel, type FakeKernelOptions, fakeKernel } from './fake-kernel/fake-kernel.ts'
import type { Errno } from './fake-kernel/fake-kernel-errors.ts'
import { systemError } from './fake-kernel/fake-kernel-errors.ts'
import { type FakeMapper, fakeMapper } from './fake-mapper.ts'
import { nativeOf } from './fake-native.ts'
import { G, M } from './sizes.ts'

/** Limits on pages of 2M in a cgroup, in pages. */
export interface StageLimits {
  readonly pages?: number
  readonly reserved?: number
  readonly memory?: number
}

/**
 * A machine in numbers. What shows them to the checks and what refuses mappings by them are written
 * apart from each other, and from the program: that both agree is what a test is about.
 */
export interface DoctorStage {
  readonly kernel: FakeKernelOptions
  /** Pages that another mapping has reserved. */
  readonly reserved: number
  readonly allowed: readonly number[]
  /** The memory policy that this process has. */
  readonly held?: Policy
  /** The own cgroup, the one above it, and that of the first version. */
  readonly own: StageLimits
  readonly above: StageLimits
  readonly first: StageLimits
  /** In pages of 2M, what is left. */
  readonly addressSpace?: number
  readonly dataSize?: number
  readonly fileSize?: number
  readonly mappings: number
  readonly mostMappings: number
  readonly shmmax?: number
  readonly shmall?: number
  readonly shmmni: number
  readonly segments: number
  readonly memlock?: number
  readonly privileged: boolean
  /** Whether its privileges are those of a user namespace only. */
  readonly confined: boolean
  readonly groups: readonly number[]
  readonly shmGroup: number
  readonly memfdNoexec?: number
  readonly mount: 'none' | 'hidden' | 'ro' | 'noexec' | 'rw'
  readonly mountMode: string
  readonly mountGroup: number
  readonly mountSize?: number
  /** The pages of 2M that the mount keeps reserved for its files. */
  readonly mountLeast?: number
  readonly mountInodes?: number
}

const page = 2n * M

/** Two nodes with four pages each, and nothing in the way. */
export const openStage: DoctorStage = {
  kernel: {
    nodes: [
      { id: 0, memory: 4n * G },
      { id: 1, memory: 4n * G },
    ],
    pools: [{ size: page, persistent: { 0: 4n, 1: 4n } }],
  },
  reserved: 0,
  allowed: [0, 1],
  own: {},
  above: {},
  first: {},
  mappings: 10,
  mostMappings: 100,
  shmmni: 10,
  segments: 1,
  privileged: false,
  confined: false,
  groups: [50],
  shmGroup: 50,
  mount: 'rw',
  mountMode: '0770',
  mountGroup: 50,
}

const bytesOf = (pages: number): bigint => BigInt(pages) * page

const statusOf = ({ groups, privileged, allowed }: DoctorStage): string =>
  [
    'Name:\tfake',
    'Pid:\t4242',
    'Uid:\t1000\t1000\t1000\t1000',
    'Gid:\t1000\t1000\t1000\t1000',
    `Groups:\t${groups.join(' ')} `,
    `VmSize:\t${1024 * 64} kB`,
    `VmData:\t${1024 * 16} kB`,
    `CapEff:\t${privileged ? '000001ffffffffff' : '0000000000000000'}`,
    'Cpus_allowed_list:\t0-1',
    `Mems_allowed_list:\t${allowed.join(',')}`,
    '',
  ].join('\n')

/** A policy keeps to the cpuset, and has all of it where none of its nodes is in it (mpol_rebind_policy). */
const heldOn = ({ allowed, held }: DoctorStage): Policy | undefined => {
  const left = held?.nodes.filter((node) => allowed.includes(node)) ?? []
  return held && { mode: held.mode, nodes: left.length > 0 ? left : allowed }
}

const numaMapsOf = (stage: DoctorStage): string => {
  const held = heldOn(stage)
  const name = held?.mode === 'preferred' ? 'prefer' : held?.mode
  const words = held === undefined ? 'default' : `${name}:${held.nodes.join(',')}`
  return `5600 ${words} heap anon=1\n7f00 interleave:0-1 anon=1\n7fff ${words} stack anon=1\n`
}

const limitLine = (name: string, bytes: bigint | undefined): string =>
  `${name.padEnd(26)}${`${bytes ?? 'unlimited'}`.padEnd(21)}unlimited            bytes\n`

const limitsOf = ({ addressSpace, dataSize, fileSize, memlock }: DoctorStage): string => {
  const beyond = (pages: number | undefined, used: bigint) =>
    pages === undefined ? undefined : bytesOf(pages) + used * M
  return [
    limitLine('Max data size', beyond(dataSize, 16n)),
    limitLine('Max file size', beyond(fileSize, 0n)),
    limitLine('Max locked memory', beyond(memlock, 0n)),
    limitLine('Max address space', beyond(addressSpace, 64n)),
  ].join('')
}

const mountinfoOf = (stage: DoctorStage) => {
  const { mount, mountMode, mountGroup, mountSize, mountLeast, mountInodes } = stage
  const options = [
    'rw',
    'uid=0',
    `gid=${mountGroup}`,
    `mode=${mountMode}`,
    'pagesize=2M',
    ...(mountSize === undefined ? [] : [`size=${bytesOf(mountSize)}`]),
    ...(mountLeast === undefined ? [] : [`min_size=${bytesOf(mountLeast)}`]),
    ...(mountInodes === undefined ? [] : [`nr_inodes=${mountInodes + 1}`]),
  ]
  const flags = mount === 'ro' ? 'ro' : mount === 'noexec' ? 'rw,noexec' : 'rw'
  return [
    '20 1 0:20 / / rw - ext4 /dev/vda1 rw',
    '21 20 0:21 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,memory_hugetlb_accounting',
    '22 20 0:22 / /sys/fs/cgroup/hugetlb rw - cgroup cgroup rw,hugetlb',
    ...(mount === 'none'
      ? []
      : [`30 20 0:30 / /mnt/huge ${flags} - hugetlbfs none ${options.join(',')}`]),
    ...(mount === 'hidden' ? ['31 30 0:31 / /mnt/huge rw - tmpfs none rw'] : []),
    '',
  ].join('\n')
}

/** Writes limits of which one page is in use, and what the test has taken of them. */
const writeLimits = (
  { extra }: FakeKernel,
  directory: string,
  limits: StageLimits,
  { pages: used, reserved }: Charged,
  first = false,
): void => {
  const put = (
    name: string,
    [most, now]: readonly [string, string],
    taken: number,
    pages?: number,
  ): void => {
    if (pages === undefined) return
    extra.set(`${directory}/${name}${most}`, `${bytesOf(pages + 1)}\n`)
    extra.set(`${directory}/${name}${now}`, `${bytesOf(Math.min(taken, pages) + 1)}\n`)
  }
  const files = first
    ? (['limit_in_bytes', 'usage_in_bytes'] as const)
    : (['max', 'current'] as const)
  put('hugetlb.2MB.', files, used, limits.pages)
  put('hugetlb.2MB.rsvd.', files, reserved, limits.reserved)
  if (limits.memory !== undefined) {
    extra.set(`${directory}/memory.max`, `${bytesOf(limits.memory)}\n`)
    extra.set(`${directory}/memory.current`, `${bytesOf(Math.min(used, limits.memory))}\n`)
  }
}

/** What a test has taken of the limits of its cgroups, in pages. */
interface Charged {
  readonly pages: number
  readonly reserved: number
}

const charge = (kernel: FakeKernel, { own, above, first }: DoctorStage, charged: Charged): void => {
  writeLimits(kernel, '/sys/fs/cgroup/up/own', own, charged)
  writeLimits(kernel, '/sys/fs/cgroup/up', above, charged)
  writeLimits(kernel, '/sys/fs/cgroup/hugetlb/old', first, charged, true)
}

const segmentTable = ({ segments }: DoctorStage): string =>
  `       key      shmid perms                  size  cpid  lpid nattch\n${Array.from(
    { length: segments },
    (_, id) => `         0 ${id} 600 ${bytesOf(1)} 1 1 0\n`,
  ).join('')}`

const setFiles = (kernel: FakeKernel, stage: DoctorStage): void => {
  const { extra } = kernel
  const { shmmax, shmall, shmmni, shmGroup, mappings, mostMappings } = stage
  extra.set('/proc/self/status', statusOf(stage))
  extra.set('/proc/self/numa_maps', numaMapsOf(stage))
  extra.set('/proc/self/limits', limitsOf(stage))
  extra.set('/proc/self/mountinfo', mountinfoOf(stage))
  if (stage.confined) {
    extra.set('/proc/self/uid_map', '         0     100000      65536\n')
    extra.set('/proc/self/gid_map', '         0          0      65536\n')
  }
  if (stage.memfdNoexec !== undefined)
    extra.set('/proc/sys/vm/memfd_noexec', `${stage.memfdNoexec}\n`)
  extra.set('/proc/self/cgroup', '4:hugetlb:/old\n0::/up/own\n')
  extra.set('/proc/self/maps', 'a mapping\n'.repeat(mappings))
  extra.set('/proc/sys/vm/max_map_count', `${mostMappings}\n`)
  extra.set('/proc/sys/vm/hugetlb_shm_group', `${shmGroup}\n`)
  extra.set('/proc/sys/kernel/shmmax', `${shmmax === undefined ? 2n ** 63n : bytesOf(shmmax)}\n`)
  extra.set(
    '/proc/sys/kernel/shmall',
    `${shmall === undefined ? 2n ** 62n : bytesOf(shmall + stage.segments) / 4096n}\n`,
  )
  extra.set('/proc/sys/kernel/shmmni', `${shmmni}\n`)
  extra.set('/proc/sysvipc/shm', segmentTable(stage))
  charge(kernel, stage, { pages: 0, reserved: 0 })
}

const least = (...limits: readonly (number | undefined)[]): number =>
  Math.min(...limits.map((limit) => limit ?? Number.POSITIVE_INFINITY))

/** What the mappings of one test have taken so far, in pages. */
interface Taken {
  mapped: number
  reserved: number
  segments: number
  copied: number
}

const refuse = (errno: Errno, call: string): never => {
  throw systemError(errno, call)
}

/** Whether the privileges count on the machine. */
const isPrivileged = ({ privileged, confined }: DoctorStage): boolean => privileged && !confined

/** newseg in ipc/shm.c and what it calls, in the kernel's order up to the reservation. */
const judgeSegment = (stage: DoctorStage, taken: Taken, pages: number): void => {
  const { shmmax, shmall, groups, shmGroup } = stage
  if (pages > least(shmmax)) refuse('EINVAL', 'shmget')
  if (taken.mapped + pages > least(shmall)) refuse('ENOSPC', 'shmget')
  const old = Number.parseFloat(stage.kernel.release ?? '6.12') < 5.18
  const locks = old && pages <= least(stage.memlock)
  if (!isPrivileged(stage) && ![1000, ...groups].includes(shmGroup) && !locks)
    refuse('EPERM', 'shmget')
}

const judgeReservation = (
  stage: DoctorStage,
  taken: Taken,
  pages: number,
  call: string,
  isFile: boolean,
): void => {
  const { own, above, first, mountSize } = stage
  if (taken.reserved + pages > least(own.reserved, above.reserved, first.reserved))
    refuse('ENOMEM', call)
  if (isFile && taken.reserved + pages > least(mountSize)) refuse('ENOMEM', call)
}

const judgeSpace = (stage: DoctorStage, taken: Taken, pages: number, isPrivate: boolean): void => {
  const { addressSpace, dataSize, mappings, mostMappings } = stage
  if (taken.mapped + pages > least(addressSpace)) refuse('ENOMEM', 'mmap')
  if (isPrivate && taken.mapped + pages > least(dataSize)) refuse('ENOMEM', 'mmap')
  if (mappings + taken.segments + 1 > mostMappings) refuse('ENOMEM', 'mmap')
}

/** The nodes that the policy and the cpuset leave; set_mempolicy(2) refuses none at all. */
const policyWithin = <Request extends SegmentRequest>(
  stage: DoctorStage,
  request: Request,
): Request => {
  const { allowed } = stage
  const held = heldOn(stage)
  if (request.policy === undefined && held?.mode === 'bind')
    return { ...request, policy: { mode: policyModes.bind, nodes: held.nodes } }
  const { policy } = request
  const named = policy?.nodes.filter((node) => allowed.includes(node))
  if (named?.length === 0) refuse('EINVAL', 'set_mempolicy')
  if (policy?.mode === policyModes.bind)
    return { ...request, policy: { ...policy, nodes: named ?? [] } }
  return allowed.length === 2
    ? request
    : { ...request, policy: { mode: policyModes.bind, nodes: allowed } }
}

/** The page at which the limits on touched pages stop the mappings, counted over all of them. */
const touchLimit = (
  { own, above, first, mountSize }: DoctorStage,
  noreserve: boolean,
  isFile: boolean,
) =>
  least(
    own.pages,
    above.pages,
    first.pages,
    own.memory,
    above.memory,
    ...(noreserve ? [own.reserved, above.reserved, first.reserved] : []),
    ...(noreserve && isFile ? [mountSize] : []),
  )

/**
 * The copies of a child are charged like pages without a reservation (alloc_hugetlb_folio), beside
 * what is mapped.
 */
const limitedFork =
  (stage: DoctorStage, taken: Taken, isFile: boolean, fork: ForkingMapping['fork']): typeof fork =>
  async (request) => {
    const left = Math.max(touchLimit(stage, true, isFile) - taken.mapped - taken.copied, 0)
    const to = Math.min(request.to, request.from + left)
    const wrote = await fork({ ...request, to })
    taken.copied += wrote.pages
    return wrote.failure !== undefined || to === request.to
      ? wrote
      : { ...wrote, failure: { page: to, errno: 'SIGBUS' } }
  }

/** The pages that a mount keeps for its files: they are reserved by nobody while a file takes them. */
const minimumOf = (kernel: FakeKernel, pages: number) => {
  let left = pages
  let kept = left > 0 ? kernel.map(page, BigInt(left)) : undefined
  return {
    lending: async <T>(wanted: number, take: () => Promise<T>): Promise<T> => {
      const before = left
      kept?.unmap()
      try {
        const taken = await take()
        left = Math.max(left - wanted, 0)
        return taken
      } catch (error) {
        left = before
        throw error
      } finally {
        kept = left > 0 ? kernel.map(page, BigInt(left)) : undefined
      }
    },
  }
}

/** Maps on the fake kernel what the rules of the stage do not refuse. */
const judge = (
  stage: DoctorStage,
  mapper: FakeMapper,
  via: Via,
  minimum: ReturnType<typeof minimumOf>,
  kernel: FakeKernel,
): Mapper => {
  const { mountSize } = stage
  const taken: Taken = { mapped: 0, reserved: 0, segments: 0, copied: 0 }
  const made = { files: 0 }
  const isFile = via === 'file'
  const show = (noreserve: boolean): void => {
    const pages = taken.mapped + taken.copied
    const reserved = noreserve ? pages : taken.reserved + taken.copied
    charge(kernel, stage, { pages, reserved })
    mapper.freeOnMount =
      mountSize === undefined ? undefined : bytesOf(Math.max(mountSize - reserved, 0))
  }
  show(false)
  const take = (request: SegmentRequest): void => {
    const pages = request.bytes / request.pageSize
    const left = touchLimit(stage, request.noreserve, isFile) - taken.mapped
    if (left < pages) mapper.failing = { page: Math.max(left, 0), errno: 'EFAULT' }
    taken.mapped += pages
    taken.segments += 1
    if (!request.noreserve) taken.reserved += pages
    show(request.noreserve)
  }
  const map = async (request: MapRequest) => {
    const bound = policyWithin(stage, request)
    const pages = request.bytes / request.pageSize
    judgeSpace(stage, taken, pages, !request.shared)
    if (!request.noreserve) judgeReservation(stage, taken, pages, 'mmap', isFile)
    take(request)
    const mapping = await minimum.lending(pages, () => mapper.map(bound))
    if (request.shared) return mapping
    const fork = limitedFork(stage, taken, isFile, mapping.fork)
    return Object.assign(mapping, {
      fork: async (wanted: TouchRequest) => {
        const wrote = await minimum.lending(wanted.to, () => fork(wanted))
        show(request.noreserve)
        return wrote
      },
    })
  }
  const attachSegment = async (request: SegmentRequest) => {
    const bound = policyWithin(stage, request)
    const pages = request.bytes / request.pageSize
    judgeSegment(stage, taken, pages)
    if (!request.noreserve) judgeReservation(stage, taken, pages, 'shmget', false)
    if (stage.segments + taken.segments + 1 > stage.shmmni) refuse('ENOSPC', 'shmget')
    take(request)
    const mapping = await mapper.attachSegment(bound)
    try {
      taken.mapped -= pages
      taken.segments -= 1
      judgeSpace(stage, taken, pages, false)
      taken.mapped += pages
      taken.segments += 1
    } catch (error) {
      await mapping.unmap()
      throw Object.assign(error as Error, { syscall: 'shmat' })
    }
    return mapping
  }
  const isOpen =
    stage.mountMode === '0777' ||
    (stage.mountMode === '0770' && stage.groups.includes(stage.mountGroup))
  const isThere = stage.mount === 'rw' || stage.mount === 'noexec'
  const mayWrite = isThere && (isOpen || isPrivileged(stage))
  const unnamedFile = (directory: string): number => {
    if (stage.mount === 'ro') throw systemError('EROFS', 'open', directory)
    if (!mayWrite) throw systemError('EACCES', 'open', directory)
    made.files += 1
    if (made.files > least(stage.mountInodes)) throw systemError('ENOSPC', 'open', directory)
    return mapper.unnamedFile(directory)
  }
  return { ...mapper, map, attachSegment, unnamedFile, mayWrite: () => mayWrite }
}

const countOn = ({ kernel }: DoctorStage): number => {
  const own = kernel.pools?.find(({ size }) => size === page)
  return Number(Object.values(own?.persistent ?? {}).reduce((all, pages) => all + pages, 0n))
}

/** Nobody can mount with more pages for files than are available. */
const withinPool = ({ mountLeast, ...stage }: DoctorStage): DoctorStage => {
  const there = countOn(stage)
  const reserved = Math.min(stage.reserved, there)
  const least = mountLeast === undefined ? 0 : Math.min(mountLeast, there - reserved)
  return { ...stage, reserved, ...(least > 0 && { mountLeast: least }) }
}

/** The ports to a stage, on which mappings of one way are judged. */
export const portsOf = (given: DoctorStage, via: Via): Ports & { readonly kernel: FakeKernel } => {
  const stage = withinPool(given)
  const { reserved, mountLeast = 0 } = stage
  const kernel = fakeKernel({ ...stage.kernel, memsAllowed: stage.allowed })
  if (reserved > 0) kernel.map(page, BigInt(reserved))
  setFiles(kernel, stage)
  const minimum = minimumOf(kernel, mountLeast)
  const mapper = fakeMapper(kernel)
  return {
    kernel,
    tree: kernel,
    native: () => nativeOf(kernel),
    mapper: async () => judge(stage, mapper, via, minimum, kernel),
    watchSignals: () => ({ pending: () => undefined }),
    note: () => {},
    reason: () => {},
    progress: () => {},
    clock: mapper.clock.clock,
    now: mapper.clock.now,
    pause: mapper.clock.pause,
  }
}
