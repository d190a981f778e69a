import type { PageBooks } from '../../model/processes/who/page-books.ts'
import type { PageHold } from '../../model/processes/who/page-hold.ts'
import type { SummedHold } from '../../model/processes/who/sum-holds.ts'
import type { PageHolderDocument } from '../schemas/documents.ts'
import { userOfHold } from './hold-columns.ts'

export const booksDocument = (books: PageBooks) => ({
  pageSize: books.size,
  inUse: books.inUse,
  explained: books.explained,
  unexplained: books.unexplained,
  pinned: books.pinned,
  reserved: books.reserved,
  reservedExplained: books.reservedExplained,
})

export const sumDocument = (hold: SummedHold) => ({
  pid: hold.process?.pid,
  user: userOfHold(hold),
  command: hold.process?.command,
  holds: hold.kind,
  pageSize: hold.size,
  pages: hold.pages,
  reserved: hold.reserved,
  nodes: hold.nodes?.map((on) => ({ ...on })),
  container: hold.process?.container ?? hold.container,
})

export const pageHolderDocument = (hold: PageHold): PageHolderDocument => ({
  ...sumDocument(hold),
  holds: hold.kind,
  shared: hold.shared,
  name: hold.name,
})
