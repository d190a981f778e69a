import { hiddenProcessWords } from '../../mounts/hidden-by.ts'
import { fewer, type Pages } from '../../words/count.ts'
import { firstNames } from '../../words/first-names.ts'
import { formatSize, type PageSize } from '../../words/page-size.ts'
import { isAre, plural } from '../../words/plural.ts'
import type { FoundPages } from './found-pages.ts'
import { knownReservations, possibleReservations } from './known-reservations.ts'
import type { PageBooks } from './page-books.ts'
import { unseenNames } from './unseen.ts'

const bufferWords = ({ buffers }: FoundPages): string => {
  const names = new Set(
    buffers.map(
      ({ keeper, process }) => `${keeper} of process ${process.pid} (${process.command})`,
    ),
  )
  return names.size === 0 ? '' : `, perhaps by ${firstNames([...names])}`
}

const itThem = (pages: Pages): string => (pages === 1n ? 'it' : 'them')

const pinnedWords = (found: FoundPages, pages: Pages): string =>
  `pinned, mapped by nobody${bufferWords(found)}: a driver or a pinned buffer has ${itThem(pages)} until it lets go`

const unseenCount = (what: string, count: number): string =>
  count === 0 ? '' : `, or ${what} (${count})`

/** What may have pages and could not be looked into. */
const unseenWords = (found: FoundPages, size: PageSize): string => {
  const { unseen, unread = [], doubtful = [] } = found
  const segments = new Set(doubtful.filter((one) => one.size === size).map(({ key }) => key))
  return [
    unseen.size === 0 ? '' : `, or a process that could not be looked into: ${unseenNames(found)}`,
    found.hidden === undefined ? '' : `, or ${hiddenProcessWords[found.hidden]}`,
    unseenCount(
      'files in a directory that could not be read',
      unread.filter((one) => one.size === size).length,
    ),
    unseenCount('a SysV segment, if its pages are huge', segments.size),
  ].join('')
}

const restWords = (found: FoundPages, size: PageSize, pages: Pages): string => {
  const flight = found.inFlight.length === 0 ? '' : ` (${firstNames(found.inFlight)})`
  return `a driver, a pinned buffer or a descriptor in flight${flight} may hold ${itThem(pages)}${unseenWords(found, size)}`
}

/** Says what may have the pages that are not explained. */
export const whyUnexplained = (
  { size, unexplained, pinned = 0n }: PageBooks,
  found: FoundPages,
): string => {
  const rest = unexplained - pinned
  if (pinned === 0n) return restWords(found, size, rest)
  if (rest === 0n) return pinnedWords(found, pinned)
  return `${pinned} ${isAre(pinned)} ${pinnedWords(found, pinned)}; of the other ${rest}, ${restWords(found, size, rest)}`
}

const usedWords = (books: PageBooks, found: FoundPages): string => {
  const { inUse, explained, unexplained } = books
  if (inUse === 0n) return 'no page is in use'
  const pages = `${plural(inUse, 'page')} in use`
  if (unexplained === 0n)
    return inUse === 1n ? 'the page in use is explained' : `all ${pages} are explained`
  const why = whyUnexplained(books, found)
  if (inUse === 1n) return `the page in use is not explained: ${why}`
  return `${explained} of ${pages} ${isAre(explained)} explained; ${unexplained} ${isAre(unexplained)} not: ${why}`
}

/** Files that nobody has mapped can have the rest. */
const possibleWords = (found: FoundPages, size: PageSize, rest: Pages): string => {
  const possible = possibleReservations(found, knownReservations(found), (of) =>
    of === size ? rest : 0n,
  )
  const all = [...possible.values()].reduce((sum, pages) => sum + pages, 0n)
  return all === 0n ? '' : `, and perhaps ${fewer(all, rest)} of files that nobody has mapped`
}

const reservedWords = (
  { size, reserved = 0n, reservedExplained }: PageBooks,
  found: FoundPages,
): string => {
  if (reserved <= 0n) return ''
  const rest = reserved - reservedExplained
  const known =
    rest === 0n
      ? 'explained too'
      : `${reservedExplained} of them explained${possibleWords(found, size, rest)}`
  return `; ${plural(reserved, 'page')} reserved, ${known}`
}

/** One line for each pool that says how its books balance. */
export const bookWords = (books: PageBooks, found: FoundPages): string =>
  `${formatSize(books.size)}: ${usedWords(books, found)}${reservedWords(books, found)}`
