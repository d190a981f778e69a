import { atLeastNone, fewer, type Pages } from '../../words/count.ts'
import type { PageSize } from '../../words/page-size.ts'
import type { FoundArea, FoundMount, FoundPages } from './found-pages.ts'
import { isAnonymousPath } from './internal-path.ts'
import { ownCount } from './own-pages.ts'
import { deviceIn, type FileKey } from './page-hold.ts'

/** The reservations that are seen, each at the one thing that has it. */
export interface KnownReservations {
  readonly areas: ReadonlyMap<FoundArea, Pages>
  /** Shared mappings reserve for the file, whoever maps it. */
  readonly files: ReadonlyMap<FileKey, Pages>
  readonly mounts: ReadonlyMap<FoundMount, Pages>
}

/**
 * The pages of a file that some ranges cover together. Behind its end nothing is reserved: who cuts a
 * file off gives that back (hugetlb_vmtruncate in fs/hugetlbfs/inode.c).
 */
const covered = (areas: readonly FoundArea[], end: Pages | undefined): Pages => {
  const sorted = areas
    .map(({ first, length }) => [first, fewer(first + length, end ?? first + length)] as const)
    .sort(([a], [b]) => Number(a - b))
  let done = 0n
  let sum = 0n
  for (const [from, to] of sorted) {
    const begin = from > done ? from : done
    if (to <= begin) continue
    sum += to - begin
    done = to
  }
  return sum
}

const byKey = (areas: readonly FoundArea[]): ReadonlyMap<FileKey, readonly FoundArea[]> => {
  const groups = new Map<FileKey, FoundArea[]>()
  for (const area of areas) {
    const group = groups.get(area.key)
    if (group === undefined) groups.set(area.key, [area])
    else group.push(area)
  }
  return groups
}

/** Memory without a file is of one mmap(2), however many processes have it. */
const isOfOneCall = ({ path, isNamesake }: FoundArea): boolean =>
  isAnonymousPath(path) && isNamesake !== true

/**
 * A child has the private areas of its parent, but not their reservations (hugetlb_dup_vma_private in
 * mm/hugetlb.c). Memory of one mmap(2) is the same wherever mremap(2) moved it; a file each can have
 * mapped by itself, at other addresses. Where no parent is seen, the first of those who have an area is
 * taken for the one with its reservations.
 */
const isInherited = (area: FoundArea, group: readonly FoundArea[]): boolean => {
  const { address, process: child } = area
  const isOne = isOfOneCall(area)
  return group.some(({ address: at, process: { pid, parent } }) => {
    if (!isOne && at !== address) return false
    if (pid === child.parent) return true
    return isOne && parent !== child.pid && pid < child.pid
  })
}

const ofArea = (area: FoundArea, group: readonly FoundArea[]): Pages =>
  area.reserves === false || isInherited(area, group)
    ? 0n
    : atLeastNone(area.length - ownCount(area.own))

const ofFiles = ({ areas, files, segments }: FoundPages): ReadonlyMap<FileKey, Pages> => {
  const reserving = areas.filter(({ isPrivate, reserves }) => !isPrivate && reserves !== false)
  const found = new Map<FileKey, Pages>()
  for (const [key, group] of byKey(reserving)) {
    const { pages, length } = files.get(key) ?? {}
    if (pages !== undefined) found.set(key, atLeastNone(covered(group, length) - pages))
  }
  for (const { key, length, pages } of segments) found.set(key, atLeastNone(length - pages))
  return found
}

/** What is left of the guarantee of a mount beside its files and what is reserved for them. */
const ofMount = (
  { device, minimum }: FoundMount,
  { files }: FoundPages,
  reserved: ReadonlyMap<FileKey, Pages>,
): Pages => {
  const onMount = [...files.values()].filter(({ key }) => deviceIn(key) === device)
  const taken = onMount.reduce(
    (sum, { key, pages = 0n }) => sum + pages + (reserved.get(key) ?? 0n),
    0n,
  )
  return atLeastNone(minimum - taken)
}

/** Private areas reserve their length, shared ones for their file, mounts by `min_size`. */
export const knownReservations = (found: FoundPages): KnownReservations => {
  const files = ofFiles(found)
  const own = [...byKey(found.areas.filter(({ isPrivate }) => isPrivate)).values()].flatMap(
    (group) => group.map((area) => [area, ofArea(area, group)] as const),
  )
  const mounts = found.mounts.map((mount) => [mount, ofMount(mount, found, files)] as const)
  return { areas: new Map(own), files, mounts: new Map(mounts) }
}

/**
 * The reservations that files can have without a mapping that is seen: such a one stays when it is
 * unmapped, and nothing shows it. Empty where of all reservations of a size it is known whose they are.
 */
export const possibleReservations = (
  { files }: FoundPages,
  { files: known }: KnownReservations,
  unknownOf: (size: PageSize) => Pages,
): ReadonlyMap<FileKey, Pages> =>
  new Map(
    [...files.values()].flatMap(({ key, size, pages = 0n, length = 0n }) => {
      const most = known.has(key) ? 0n : fewer(atLeastNone(length - pages), unknownOf(size))
      return most > 0n ? [[key, most] as const] : []
    }),
  )

/** The pages of a size that are seen to be reserved, each once. */
export const reservedOf = (found: FoundPages, size: PageSize): Pages => {
  const { areas, files, mounts } = knownReservations(found)
  const sizes = new Map([...found.files.values()].map((file) => [file.key, file.size]))
  for (const segment of found.segments) sizes.set(segment.key, segment.size)
  const sum = (all: readonly (readonly [PageSize | undefined, Pages])[]): Pages =>
    all.reduce((total, [of, pages]) => (of === size ? total + pages : total), 0n)
  return (
    sum([...areas].map(([area, pages]) => [area.size, pages])) +
    sum([...files].map(([key, pages]) => [sizes.get(key), pages])) +
    sum([...mounts].map(([mount, pages]) => [mount.size, pages]))
  )
}
