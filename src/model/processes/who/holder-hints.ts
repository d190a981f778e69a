import { ascending } from '../../words/bytes.ts'
import { atLeastNone, type Pages } from '../../words/count.ts'
import { firstNames } from '../../words/first-names.ts'
import { formatSize } from '../../words/page-size.ts'
import { plural } from '../../words/plural.ts'
import { whyUnexplained } from './book-words.ts'
import type { FoundPages } from './found-pages.ts'
import { givingBack } from './giving-back.ts'
import { leftFiles } from './left-files.ts'
import {
  fileHolder,
  mountHolders,
  type NamedHolder,
  processHolders,
  segmentHolders,
  unseenHolders,
} from './named-holders.ts'
import type { PageBooks } from './page-books.ts'
import type { PageHold } from './page-hold.ts'
import { unseenNames } from './unseen.ts'

/** The holders that are named one by one. */
const mostHolders = 3

/** What is known of the holders of one size. */
export interface KnownHolders {
  readonly books: PageBooks
  readonly found: FoundPages
  /** The holds of the size that are not those of the caller. */
  readonly holds: readonly PageHold[]
  /** Whether the pages of processes that could not be looked into are known to be of this size. */
  readonly isOnlySize: boolean
  /** Whether everything was looked at, so that what is not explained needs an explanation. */
  readonly isLive: boolean
}

const unknownReserved = ({ reserved = 0n, reservedExplained }: PageBooks): Pages =>
  atLeastNone(reserved - reservedExplained)

/** Those who keep most come first: reserved pages are kept from others as those in use are. */
const mostFirst = (a: NamedHolder, b: NamedHolder): number =>
  ascending(b.pages + b.reserved, a.pages + a.reserved) || ascending(b.pages, a.pages)

const largestFirst = ({
  books,
  found,
  holds,
  isOnlySize,
}: KnownHolders): readonly NamedHolder[] => {
  const { size, unexplained, reserved = 0n } = books
  const unknown = unknownReserved(books)
  return [
    ...processHolders(holds, atLeastNone(reserved)),
    ...(isOnlySize ? [] : unseenHolders(found, size)),
    ...leftFiles(found, size, unknown).map((files) => fileHolder(files, unknown)),
    ...segmentHolders(found, size, unexplained > 0n),
    ...mountHolders(holds),
  ].toSorted(mostFirst)
}

const unaskedWords = ({ books, found: { unasked = [] } }: KnownHolders): readonly string[] =>
  books.unexplained === 0n
    ? []
    : unasked
        .slice(0, mostHolders)
        .map(
          ({ process: { pid, command }, path }) =>
            `process ${pid} (${command}) has ${path} open, on a mount that no table shows: if that is a detached hugetlbfs, its files keep their pages until this is closed`,
        )

/** The pages that processes have that could not be looked into, and segments of which it is doubtful. */
const doubtfulPages = ({ books: { size }, found, isOnlySize }: KnownHolders): Pages => {
  const bytes = [...found.unseen.values()].reduce((sum, one) => sum + one.bytes, 0n)
  const segments = (found.doubtful ?? []).filter((one) => one.size === size)
  return (isOnlySize ? bytes / size : 0n) + segments.reduce((sum, { pages }) => sum + pages, 0n)
}

const unexplainedWords = (known: KnownHolders): readonly string[] => {
  const { books, found, isLive } = known
  const { unexplained } = books
  if (!isLive || unexplained <= doubtfulPages(known)) return []
  const are = unexplained === 1n ? 'page in use is' : 'pages in use are'
  return [`${unexplained} ${are} not explained: ${whyUnexplained(books, found)}`]
}

const unreservedWords = ({ books, found, isLive }: KnownHolders): readonly string[] => {
  const unknown = unknownReserved(books)
  const ofFiles = leftFiles(found, books.size, unknown).reduce((sum, one) => sum + one.lacked, 0n)
  if (!isLive || unknown <= ofFiles) return []
  const are = unknown === 1n ? 'reservation is' : 'reservations are'
  const others =
    found.unseen.size === 0
      ? ''
      : `, or of a process that could not be looked into: ${unseenNames(found)}`
  return [
    `${unknown} ${are} not explained: of a mapping that is gone, whose file is still there${others}`,
  ]
}

const unreadWords = ({ books, found: { unread = [] } }: KnownHolders): readonly string[] => {
  const paths = unread.flatMap(({ size, path }) => (size === books.size ? path : []))
  const isExplained = books.unexplained + unknownReserved(books) === 0n
  return isExplained || paths.length === 0
    ? []
    : [`the files on ${firstNames(paths)} could not be looked at`]
}

/**
 * Names the largest holders of a size, what else may hold pages of it, what gives those back that do
 * not come back when processes end, and the command that shows the rest. Empty where nothing is known.
 */
export const holderHints = (known: KnownHolders): readonly string[] => {
  const { books, found, holds } = known
  const size = formatSize(books.size)
  const holders = largestFirst(known)
  const more = holders.length - mostHolders
  const sentences = [
    ...holders.slice(0, mostHolders).map(({ words }) => words),
    ...unaskedWords(known),
    ...unexplainedWords(known),
    ...unreservedWords(known),
    ...unreadWords(known),
  ]
  return [
    ...sentences.map((words) => `${size}: ${words}`),
    ...givingBack(found, books.size, holds, leftFiles(found, books.size, unknownReserved(books))),
    ...(more > 0
      ? [`${size}: and ${plural(more, 'more holder')}: 'hugepool who ${size}' shows the rest`]
      : []),
  ]
}
