import type { CgroupLimit, FullCgroups } from '../../model/processes/cgroup-limit.ts'
import type { ChargedCgroup } from '../../model/processes/who/charged-cgroup.ts'
import type { PageBooks } from '../../model/processes/who/page-books.ts'
import type { PageHold } from '../../model/processes/who/page-hold.ts'
import type { SummedHold } from '../../model/processes/who/sum-holds.ts'
import type { BooksDocument, PageHolderDocument, SumDocument } from '../schemas/documents.ts'
import { userOfHold } from './hold-columns.ts'

const limitDocument =
  (stops: 'touch' | 'reserve') =>
  ({ group, file, max, current }: CgroupLimit) => ({ group, file, stops, max, current })

/**
 * Returns the limits of cgroups that keep pages of a size from their processes; undefined without
 * any.
 */
const limitsDocument = (full: readonly FullCgroups[], books: PageBooks) => {
  const { pages = [], reserved = [] } = full.find(({ size }) => size === books.size) ?? {}
  return pages.length + reserved.length === 0
    ? undefined
    : [...pages.map(limitDocument('touch')), ...reserved.map(limitDocument('reserve'))]
}

const chargedDocument = (charged: readonly ChargedCgroup[], books: PageBooks) => {
  const those = charged.filter(({ size }) => size === books.size)
  return those.length === 0 ? undefined : those.map(({ size: _, ...rest }) => rest)
}

/** What is known of the cgroups of a machine. */
export interface SeenCgroups {
  readonly full: readonly FullCgroups[]
  readonly charged: readonly ChargedCgroup[]
}

export const booksDocument = (books: PageBooks, { full, charged }: SeenCgroups): BooksDocument => ({
  pageSize: books.size,
  inUse: books.inUse,
  explained: books.explained,
  unexplained: books.unexplained,
  pinned: books.pinned,
  reserved: books.reserved,
  reservedExplained: books.reservedExplained,
  limits: limitsDocument(full, books),
  charged: chargedDocument(charged, books),
})

export const sumDocument = (hold: SummedHold): SumDocument => ({
  pid: hold.process?.pid,
  user: userOfHold(hold),
  command: hold.process?.command,
  holds: hold.kind,
  pageSize: hold.size,
  pages: hold.pages,
  reserved: hold.reservedAtMost === true ? undefined : hold.reserved,
  reservedAtMost: hold.reservedAtMost === true ? hold.reserved : undefined,
  nodes: hold.nodes?.map((on) => ({ ...on })),
  container: hold.process?.container ?? hold.container,
})

export const pageHolderDocument = (hold: PageHold): PageHolderDocument => ({
  ...sumDocument(hold),
  holds: hold.kind,
  shared: hold.shared,
  name: hold.name,
})
