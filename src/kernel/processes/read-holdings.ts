import { pathPrefix } from '../../model/etc/path-parts.ts'
import { inUse, type PoolSet } from '../../model/pools/machine.ts'
import type { Holdings, MountHolding, ProcessHolding } from '../../model/processes/holdings.ts'
import type { HugeUser } from '../../model/processes/huge-user.ts'
import { atLeastNone, fewer, type Pages } from '../../model/words/count.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { errnoOf, isShortage } from '../errno.ts'
import { type ReachableFileSystem, readFileSystems } from '../mounts/hugetlbfs-mounts.ts'
import { deviceOf } from '../mounts/mount-device.ts'
import { type NamedFiles, namedFiles, occupiedBytes } from '../mounts/mount-files.ts'
import { mountinfoPath } from '../mounts/mountinfo.ts'
import { readPools } from '../pools/pools.ts'
import { readIfPresent } from '../read-attribute.ts'
import { isLive, type Tree } from '../tree.ts'
import { type HugeArea, readHugeAreas } from './huge-areas.ts'
import { readPossibleReservers } from './huge-reservers.ts'
import { readHugeUsers } from './huge-users.ts'
import { readOpenFiles } from './open-files.ts'
import { readPid } from './proc-self.ts'
import { readSegments } from './segments.ts'

/** The files below a directory; undefined where permission is missing. */
export type LookAtFiles = (directory: string) => NamedFiles | undefined

const filesOf: LookAtFiles = (directory) => {
  try {
    return namedFiles(directory)
  } catch (error) {
    if (errnoOf(error) === undefined || isShortage(error)) throw error
    return undefined
  }
}

/** The inodes on a device that processes have mapped. */
const mappedOn = (areas: readonly HugeArea[], device: string): ReadonlySet<bigint> =>
  new Set(areas.filter((area) => area.device === device).map(({ inode }) => inode))

const pagesOf = (named: NamedFiles, size: PageSize, areas: readonly HugeArea[], device: string) => {
  const mapped = mappedOn(areas, deviceOf(device).hex)
  const files = [...named.inodes].map(([inode, file]) => ({ inode, ...file }))
  const ofMapped = files.filter(({ inode }) => mapped.has(inode))
  const lacked = files.reduce((sum, file) => sum + atLeastNone(file.size - file.bytes), 0n)
  return {
    files: BigInt(named.inodes.size),
    pages: occupiedBytes(named) / size,
    mappedPages: ofMapped.reduce((sum, { bytes }) => sum + bytes, 0n) / size,
    lackedPages: lacked / size,
  }
}

const mountHolding = (
  { device, targets, minSize }: ReachableFileSystem,
  size: PageSize,
  areas: readonly HugeArea[],
  look: LookAtFiles,
): MountHolding => {
  const named = look(targets[0] ?? '')
  const counts = named && pagesOf(named, size, areas, device)
  const minimumPages = atLeastNone(minSize / size - (counts?.pages ?? 0n))
  return { targets, ...counts, minimumPages }
}

interface MappingProcess {
  readonly user: HugeUser
  /** Undefined where permission is missing. */
  readonly areas: readonly HugeArea[] | undefined
}

/**
 * The status of a process tells the bytes of all page sizes together. No process has more reserved than
 * the pool has.
 */
const processHolding = (
  { user, areas }: MappingProcess,
  size: PageSize,
  { isOnlySize, reserved }: { readonly isOnlySize: boolean; readonly reserved: Pages },
): ProcessHolding | undefined => {
  const { pid, command, bytes } = user
  const mapped = areas?.reduce((sum, { pages }) => sum + pages, 0n)
  if (areas === undefined && bytes === 0n) return undefined
  const pages = mapped ?? (isOnlySize ? bytes / size : undefined)
  const lacked = areas?.reduce((sum, area) => sum + area.lacked, 0n) ?? 0n
  const lackedPages = fewer(lacked, reserved)
  if (pages === 0n && lackedPages === 0n) return undefined
  return present({ pid, command, pages, lackedPages: lackedPages > 0n ? lackedPages : undefined })
}

/**
 * Limits what files can have reserved to what the pool has: an empty file of any size holds nothing
 * by itself. The minimums of the other mounts are reserved as well. A counter below zero says nothing.
 */
const withinReserved = (
  mounts: readonly MountHolding[],
  reserved: Pages | undefined,
): readonly MountHolding[] => {
  if (reserved === undefined || reserved < 0n) return mounts
  const minimums = mounts.reduce((sum, { minimumPages }) => sum + minimumPages, 0n)
  return mounts.map((mount) => {
    const { lackedPages, minimumPages } = mount
    if (lackedPages === undefined) return mount
    const most = atLeastNone(reserved - minimums + minimumPages)
    return { ...mount, lackedPages: fewer(lackedPages, most) }
  })
}

/** The processes that may have reserved pages of some size although they have none so far. */
const reserversBeside = (
  tree: Tree,
  users: readonly HugeUser[],
  own: number | undefined,
  systems: readonly ReachableFileSystem[],
): readonly HugeUser[] => {
  const known = new Set([...users.map(({ pid }) => pid), own ?? 0])
  const devices = systems.map(({ device }) => deviceOf(device).hex)
  return readPossibleReservers(tree, known, devices)
}

/** Whether no other pool has pages that a process could have mapped. */
const isOnlySizeInUse = ({ pools, unreadable }: PoolSet, size: PageSize): boolean =>
  unreadable === undefined && pools.every((pool) => pool.size === size || inUse(pool) === 0n)

const attachedSegments = (areas: readonly HugeArea[]): ReadonlySet<number> =>
  new Set(areas.filter(({ path }) => path.startsWith('/SYSV')).map(({ inode }) => Number(inode)))

/**
 * What holds pages of a size: files on the mounts of this mount namespace, SysV segments of this IPC
 * namespace and processes of this PID namespace. `Holdings` says what is not seen.
 *
 * The cost is one small file for each process (about 10 microseconds), where pages are reserved its
 * maps too, smaps of those that have huge pages, one call of lstat(2) for each file on the mounts, and mountinfo. It is meant for the moment
 * in which pages turn out to be held, and not for every call. Nothing is opened on the mounts but
 * their directories. `look` stands for the running machine in tests; for a recording no file is
 * looked at.
 */
export const readHoldings = (
  tree: Tree,
  size: PageSize,
  look: LookAtFiles = isLive(tree) ? filesOf : () => undefined,
): Holdings => {
  const own = readPid(tree)
  const found = readPools(tree, false)
  const sizes = [...found.pools, ...(found.unreadable ?? [])].map((pool) => pool.size)
  const reserved = found.pools.find((pool) => pool.size === size)?.reserved
  const systems = readIfPresent(tree, mountinfoPath) ? readFileSystems(tree, size) : []
  const users = readHugeUsers(tree, own)
  const others = (reserved ?? 0n) > 0n ? reserversBeside(tree, users, own, systems) : []
  const mappers = [...users, ...others].map(
    (user): MappingProcess => ({ user, areas: readHugeAreas(tree, user.pid, size) }),
  )
  const areas = mappers.flatMap((one) => one.areas ?? [])
  const judged = {
    isOnlySize: users.length > 0 && isOnlySizeInUse(found, size),
    reserved: atLeastNone(reserved ?? 0n),
  }
  return {
    size,
    mounts: withinReserved(
      systems.map((system) => mountHolding(system, size, areas, look)),
      reserved,
    ).filter(({ files, minimumPages }) => files !== 0n || minimumPages > 0n),
    segments: readSegments(tree, size, attachedSegments(areas), sizes),
    processes: mappers.flatMap((one) => processHolding(one, size, judged) ?? []),
    ...(look === filesOf && {
      openFiles: readOpenFiles(`${pathPrefix(tree.root)}/proc`, size, own),
    }),
  }
}
