import { inUse, type Pool } from '../../pools/machine.ts'
import { atLeastNone, fewer, type Pages } from '../../words/count.ts'
import type { PageSize } from '../../words/page-size.ts'
import { present } from '../../words/present.ts'
import type { FoundPages } from './found-pages.ts'
import { reservedOf } from './known-reservations.ts'
import { privatePages } from './private-pages.ts'

/** The account of one pool: `inUse` is `explained` and `unexplained`. */
export interface PageBooks {
  readonly size: PageSize
  readonly inUse: Pages
  readonly explained: Pages
  readonly unexplained: Pages
  /** Those of `unexplained` that are private pages without any mapping. */
  readonly pinned?: Pages
  /** Below zero where the kernel's counter is. */
  readonly reserved?: Pages
  readonly reservedExplained: Pages
  /** Whether more was found than is in use, because the counters moved meanwhile. */
  readonly isExceeded: boolean
}

/** The pages of a size that holders were seen to have: of each file once, and of each frame once. */
export const foundOf = ({ files, areas, segments }: FoundPages, size: PageSize): Pages => {
  let sum = privatePages(areas, size)
  for (const file of files.values()) if (file.size === size) sum += file.pages ?? 0n
  for (const one of segments) if (one.size === size && !files.has(one.key)) sum += one.pages
  return sum
}

/** Balances the books of a pool with what was found. Neither part is ever below zero. */
export const balanced = (pool: Pool, found: FoundPages): PageBooks => {
  const all = foundOf(found, pool.size)
  const used = atLeastNone(inUse(pool))
  const explained = fewer(all, used)
  const unexplained = used - explained
  const pinned = found.pinned.get(pool.size)
  const reserved = atLeastNone(pool.reserved ?? 0n)
  return present({
    size: pool.size,
    inUse: used,
    explained,
    unexplained,
    pinned: pinned && fewer(pinned, unexplained),
    reserved: pool.reserved,
    reservedExplained: fewer(reserved, reservedOf(found, pool.size)),
    isExceeded: all > used,
  })
}
