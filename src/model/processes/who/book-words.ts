import type { Pages } from '../../words/count.ts'
import { formatSize } from '../../words/page-size.ts'
import { plural } from '../../words/plural.ts'
import type { FoundPages } from './found-pages.ts'
import type { PageBooks } from './page-books.ts'

/** The holders of one kind that a sentence names. */
const mostNames = 3

const isAre = (pages: Pages): string => (pages === 1n ? 'is' : 'are')

const listed = (names: readonly string[]): string =>
  names.length > mostNames
    ? `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more`
    : names.join(', ')

const bufferWords = ({ buffers }: FoundPages): string => {
  const names = new Set(
    buffers.map(
      ({ keeper, process }) => `${keeper} of process ${process.pid} (${process.command})`,
    ),
  )
  return names.size === 0 ? '' : `, perhaps by ${listed([...names])}`
}

const pinnedWords = (found: FoundPages): string =>
  `pinned, mapped by nobody${bufferWords(found)}: a driver or a pinned buffer has them until it lets go`

const restWords = (found: FoundPages): string => {
  const unseen = found.unseen.size
  const others = unseen === 0 ? '' : `, or a process that could not be looked into (${unseen})`
  const hidden = found.hidesProcesses ? ', or a process that /proc hides' : ''
  const flight = found.inFlight.length === 0 ? '' : ` (${listed(found.inFlight)})`
  return `a driver, a pinned buffer or a descriptor in flight${flight} may hold them${others}${hidden}`
}

const whyNot = ({ unexplained, pinned = 0n }: PageBooks, found: FoundPages): string => {
  if (pinned === 0n) return restWords(found)
  if (pinned === unexplained) return pinnedWords(found)
  return `${pinned} ${isAre(pinned)} ${pinnedWords(found)}; of the other ${unexplained - pinned}, ${restWords(found)}`
}

const usedWords = (books: PageBooks, found: FoundPages): string => {
  const { inUse, explained, unexplained } = books
  if (inUse === 0n) return 'no page is in use'
  const pages = `${plural(inUse, 'page')} in use`
  if (unexplained === 0n)
    return inUse === 1n ? 'the page in use is explained' : `all ${pages} are explained`
  return `${explained} of ${pages} ${isAre(explained)} explained; ${unexplained} ${isAre(unexplained)} not: ${whyNot(books, found)}`
}

const reservedWords = ({ reserved = 0n, reservedExplained }: PageBooks): string => {
  if (reserved <= 0n) return ''
  const known =
    reservedExplained === reserved ? 'explained too' : `${reservedExplained} of them explained`
  return `; ${plural(reserved, 'page')} reserved, ${known}`
}

/** One line for each pool that says how its books balance. */
export const bookWords = (books: PageBooks, found: FoundPages): string =>
  `${formatSize(books.size)}: ${usedWords(books, found)}${reservedWords(books)}`
