import type { Mapper } from '../../src/kernel/mapping/mapper.ts'
import type { MapRequest, SegmentRequest } from '../../src/kernel/native/native-mapping.ts'
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
  readonly mappings: number
  readonly mostMappings: number
  readonly shmmax?: number
  readonly shmall?: number
  readonly shmmni: number
  readonly segments: number
  readonly memlock?: number
  readonly privileged: boolean
  readonly groups: readonly number[]
  readonly shmGroup: number
  readonly mount: 'none' | 'hidden' | 'ro' | 'rw'
  readonly mountMode: string
  readonly mountGroup: number
  readonly mountSize?: number
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

const limitsOf = ({ addressSpace, dataSize, memlock }: DoctorStage): string => {
  const beyond = (pages: number | undefined, used: bigint) =>
    pages === undefined ? undefined : bytesOf(pages) + used * M
  return [
    limitLine('Max data size', beyond(dataSize, 16n)),
    limitLine('Max file size', undefined),
    limitLine('Max locked memory', beyond(memlock, 0n)),
    limitLine('Max address space', beyond(addressSpace, 64n)),
  ].join('')
}

const mountinfoOf = ({ mount, mountMode, mountGroup, mountSize, mountInodes }: DoctorStage) => {
  const options = [
    'rw',
    'uid=0',
    `gid=${mountGroup}`,
    `mode=${mountMode}`,
    'pagesize=2M',
    ...(mountSize === undefined ? [] : [`size=${bytesOf(mountSize)}`]),
    ...(mountInodes === undefined ? [] : [`nr_inodes=${mountInodes + 1}`]),
  ]
  const flags = mount === 'ro' ? 'ro' : 'rw'
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

const writeLimits = (
  { extra }: FakeKernel,
  directory: string,
  limits: StageLimits,
  first = false,
): void => {
  const put = (name: string, [most, now]: readonly [string, string], pages?: number): void => {
    if (pages === undefined) return
    extra.set(`${directory}/${name}${most}`, `${bytesOf(pages + 1)}\n`)
    extra.set(`${directory}/${name}${now}`, `${bytesOf(1)}\n`)
  }
  const files = first
    ? (['limit_in_bytes', 'usage_in_bytes'] as const)
    : (['max', 'current'] as const)
  put('hugetlb.2MB.', files, limits.pages)
  put('hugetlb.2MB.rsvd.', files, limits.reserved)
  if (limits.memory !== undefined) {
    extra.set(`${directory}/memory.max`, `${bytesOf(limits.memory)}\n`)
    extra.set(`${directory}/memory.current`, '0\n')
  }
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
  writeLimits(kernel, '/sys/fs/cgroup/up/own', stage.own)
  writeLimits(kernel, '/sys/fs/cgroup/up', stage.above)
  writeLimits(kernel, '/sys/fs/cgroup/hugetlb/old', stage.first, true)
}

const least = (...limits: readonly (number | undefined)[]): number =>
  Math.min(...limits.map((limit) => limit ?? Number.POSITIVE_INFINITY))

/** What the mappings of one test have taken so far, in pages. */
interface Taken {
  mapped: number
  reserved: number
  segments: number
}

const refuse = (errno: Errno, call: string): never => {
  throw systemError(errno, call)
}

/** newseg in ipc/shm.c and what it calls, in the kernel's order up to the reservation. */
const judgeSegment = (stage: DoctorStage, taken: Taken, pages: number): void => {
  const { shmmax, shmall, groups, shmGroup, privileged } = stage
  if (pages > least(shmmax)) refuse('EINVAL', 'shmget')
  if (taken.mapped + pages > least(shmall)) refuse('ENOSPC', 'shmget')
  const old = Number.parseFloat(stage.kernel.release ?? '6.12') < 5.18
  const locks = old && pages <= least(stage.memlock)
  if (!privileged && ![1000, ...groups].includes(shmGroup) && !locks) refuse('EPERM', 'shmget')
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

/** Maps on the fake kernel what the rules of the stage do not refuse. */
const judge = (stage: DoctorStage, mapper: FakeMapper, via: Via): Mapper => {
  const taken: Taken = { mapped: 0, reserved: 0, segments: 0 }
  const made = { files: 0 }
  const isFile = via === 'file'
  const take = (request: SegmentRequest): void => {
    const pages = request.bytes / request.pageSize
    const left = touchLimit(stage, request.noreserve, isFile) - taken.mapped
    if (left < pages) mapper.failing = { page: Math.max(left, 0), errno: 'EFAULT' }
    taken.mapped += pages
    taken.segments += 1
    if (!request.noreserve) taken.reserved += pages
  }
  const map = async (request: MapRequest) => {
    const bound = policyWithin(stage, request)
    const pages = request.bytes / request.pageSize
    judgeSpace(stage, taken, pages, !request.shared)
    if (!request.noreserve) judgeReservation(stage, taken, pages, 'mmap', isFile)
    take(request)
    return mapper.map(bound)
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
  const mayWrite = stage.mount === 'rw' && (isOpen || stage.privileged)
  const unnamedFile = (directory: string): number => {
    if (stage.mount === 'ro') throw systemError('EROFS', 'open', directory)
    if (!mayWrite) throw systemError('EACCES', 'open', directory)
    made.files += 1
    if (made.files > least(stage.mountInodes)) throw systemError('ENOSPC', 'open', directory)
    return mapper.unnamedFile(directory)
  }
  return { ...mapper, map, attachSegment, unnamedFile, mayWrite: () => mayWrite }
}

/** The ports to a stage, on which mappings of one way are judged. */
export const portsOf = (stage: DoctorStage, via: Via): Ports & { readonly kernel: FakeKernel } => {
  const kernel = fakeKernel({ ...stage.kernel, memsAllowed: stage.allowed })
  const there = Object.values(stage.kernel.pools?.[0]?.persistent ?? {}).reduce((a, b) => a + b, 0n)
  const reserved = Math.min(stage.reserved, Number(there))
  if (reserved > 0) kernel.map(page, BigInt(reserved))
  setFiles(kernel, stage)
  const mapper = fakeMapper(kernel)
  return {
    kernel,
    tree: kernel,
    native: () => nativeOf(kernel),
    mapper: async () => judge(stage, mapper, via),
    watchSignals: () => ({ pending: () => undefined }),
    note: () => {},
    reason: () => {},
    progress: () => {},
    clock: mapper.clock.clock,
    now: mapper.clock.now,
    pause: mapper.clock.pause,
  }
}
