import { atLeastNone, type Pages } from '../../words/count.ts'
import type { PageSize } from '../../words/page-size.ts'
import { present } from '../../words/present.ts'
import { wholeOn } from './area-nodes.ts'
import type { FoundPages } from './found-pages.ts'
import { knownReservations, possibleReservations, reservedOf } from './known-reservations.ts'
import type { PageBooks } from './page-books.ts'
import { deviceIn, type FileKey, holdKinds, type PageHold } from './page-hold.ts'
import { sharedFrames } from './private-pages.ts'
import { grouped, type Material, processHolds, segmentName } from './process-holds.ts'
import { nodesOfHolds } from './sum-holds.ts'

/** The files with a name that no process was seen to have. */
const fileHolds = ({ found, reserved }: Material): readonly PageHold[] => {
  const held = new Set([...found.areas, ...found.descriptors].map(({ key }) => key))
  return [...found.files.values()].flatMap(({ key, size, path, pages, isNamed, uid }) => {
    const promised = reserved.files.get(key)
    if (!isNamed || held.has(key) || (pages ?? 0n) + (promised ?? 0n) === 0n) return []
    const nodes = wholeOn(found.onlyNode, pages ?? 0n)
    const kind = 'file' as const
    return present({
      kind,
      size,
      uid,
      pages,
      reserved: promised,
      nodes,
      shared: true,
      name: path,
      files: new Map([[key, pages ?? 0n]]),
    })
  })
}

const goneWords = ({ origins }: FoundPages, key: FileKey): string =>
  origins?.get(key)?.isCreatorGone === true ? ', its creator is gone' : ''

const segmentHolds = ({ found, reserved }: Material): readonly PageHold[] =>
  found.segments.map((segment) => {
    const { key, size, uid, pages, attached } = segment
    const words = attached === 0 ? `, nobody attached${goneWords(found, key)}` : ''
    const promised = reserved.files.get(key)
    return present({
      kind: 'segment' as const,
      size,
      uid,
      pages,
      reserved: promised,
      nodes: wholeOn(found.onlyNode, pages),
      shared: true,
      name: `${segmentName(segment)}${words}`,
      files: new Map([[key, pages]]),
    })
  })

const mountHolds = ({ reserved }: Material): readonly PageHold[] =>
  [...reserved.mounts].flatMap(([{ device, size, target }, pages]) =>
    pages > 0n
      ? [
          {
            kind: 'mount' as const,
            size,
            reserved: pages,
            name: target,
            files: new Map([[device, 0n]]),
          },
        ]
      : [],
  )

const bufferHolds = ({ buffers }: FoundPages, books: readonly PageBooks[]): readonly PageHold[] =>
  books
    .filter(({ unexplained }) => unexplained > 0n)
    .flatMap(({ size }) =>
      buffers.map(({ process, keeper, what }) => ({
        kind: 'buffer' as const,
        size,
        process,
        name: `${keeper}: ${what}`,
      })),
    )

const unexplainedHold = ({ size, unexplained }: PageBooks): readonly PageHold[] =>
  unexplained > 0n ? [{ kind: 'unexplained', size, pages: unexplained }] : []

/** What processes that could not be looked into have in their page tables, of whatever it is. */
const unseenHolds = (found: FoundPages, size: PageSize | undefined): readonly PageHold[] =>
  size === undefined
    ? []
    : [...found.unseen.values()]
        .filter(({ bytes }) => bytes > 0n)
        .map(({ process, bytes }) => ({ kind: 'mapping', size, process, pages: bytes / size }))

/** The only size with pages in use, which all pages of unseen processes must have. */
const onlySize = (books: readonly PageBooks[]): PageSize | undefined => {
  const used = books.filter(({ inUse }) => inUse > 0n)
  return used.length === 1 ? used[0]?.size : undefined
}

const sumOfKnown = (holds: readonly PageHold[], of: (hold: PageHold) => Pages | undefined) => {
  const known = holds.flatMap((hold) => of(hold) ?? [])
  return known.length === 0 ? undefined : known.reduce((total, pages) => total + pages, 0n)
}

const sameHold = ({ kind, size, process, shared, name }: PageHold): string =>
  JSON.stringify([kind, `${size}`, process?.pid, shared, name])

/** Makes one row of those that a person could not tell apart, as the parts of a heap. */
const merged = (holds: readonly PageHold[]): readonly PageHold[] =>
  grouped(holds, sameHold).flatMap((group) => {
    const [first] = group
    if (first === undefined || group.length === 1) return group
    return [
      present({
        ...first,
        pages: sumOfKnown(group, ({ pages }) => pages),
        reserved: sumOfKnown(group, (one) => one.reserved),
        nodes: nodesOfHolds(group),
        files: new Map(group.flatMap(({ files = [] }) => [...files])),
        areas: group.flatMap(({ areas = [] }) => areas),
      }),
    ]
  })

const mostFirst = (a: PageHold, b: PageHold): number =>
  Number(a.size - b.size) ||
  Number(a.kind === 'unexplained') - Number(b.kind === 'unexplained') ||
  Number((b.pages ?? 0n) - (a.pages ?? 0n)) ||
  Number((b.reserved ?? 0n) - (a.reserved ?? 0n)) ||
  holdKinds.indexOf(a.kind) - holdKinds.indexOf(b.kind) ||
  (a.process?.pid ?? 0) - (b.process?.pid ?? 0)

/** Names the owner of what no process holds. */
const withUser =
  ({ userOf }: FoundPages) =>
  (hold: PageHold): PageHold =>
    hold.uid === undefined ? hold : present({ ...hold, user: userOf(hold.uid) })

/**
 * What is reserved of each size beside what is seen. Below zero where more is seen than the kernel counts:
 * the page that a hole took from a file is not reserved again (hugetlb_unreserve_pages in mm/hugetlb.c),
 * and nothing shows such holes.
 */
const restsOf = (found: FoundPages, books: readonly PageBooks[]): ReadonlyMap<PageSize, bigint> =>
  new Map(
    books.flatMap(({ size, reserved }) =>
      reserved === undefined ? [] : [[size, reserved - reservedOf(found, size)] as const],
    ),
  )

/** Every hold of the pools of the books, smallest pages first, and of each size most pages first. */
export const holdsOf = (found: FoundPages, books: readonly PageBooks[]): readonly PageHold[] => {
  const sizes = new Set(books.map(({ size }) => size))
  const isShared = sharedFrames(found.areas)
  const rests = restsOf(found, books)
  const known = knownReservations(found)
  const rest = (size: PageSize) => rests.get(size) ?? 0n
  const possible = possibleReservations(found, known, (size) => atLeastNone(rest(size)))
  const reserved = { ...known, files: new Map([...known.files, ...possible]) }
  const material = { found, reserved, isShared }
  const isUnsure = ({ size, files }: PageHold): boolean =>
    rest(size) < 0n || [...(files ?? [])].some(([key]) => possible.has(key))
  const all = merged([
    ...processHolds(material),
    ...unseenHolds(found, onlySize(books)),
    ...fileHolds(material),
    ...segmentHolds(material),
    ...mountHolds(material),
    ...bufferHolds(found, books),
    ...books.flatMap(unexplainedHold),
  ])
  return all
    .filter(({ size }) => sizes.has(size))
    .map(withUser(found))
    .map((hold) =>
      (hold.reserved ?? 0n) > 0n && isUnsure(hold)
        ? { ...hold, reservedAtMost: true as const }
        : hold,
    )
    .toSorted(mostFirst)
}

/** Whether a hold is on a device, in the form of /proc/PID/maps. */
export const isOnDevice = ({ files }: PageHold, device: string): boolean =>
  [...(files ?? [])].some(([key]) => deviceIn(key) === device)
