import { readPid } from '../../kernel/processes/proc-self.ts'
import { isLive, type Tree } from '../../kernel/tree.ts'
import { holdsOf } from '../../model/processes/who/hold-rows.ts'
import { holderHints } from '../../model/processes/who/holder-hints.ts'
import type { PageHold } from '../../model/processes/who/page-hold.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import type { Ports } from '../ports.ts'
import { accountForPages } from './account-for-pages.ts'

/** Whether a hold is of this process, or of one that shares its mapping. */
const isOurs = (tree: Tree): ((hold: PageHold) => boolean) => {
  const own = readPid(tree)
  return ({ process: holder }) =>
    own !== undefined && (holder?.pid === own || holder?.parent === own)
}

/**
 * Tells what holds pages of the sizes, and what would give them back. It changes nothing, and asks no
 * file that could keep it waiting. \`withSelf\` says that this process has pages too, which are known
 * then and not told. Otherwise a recording holds none.
 */
export const holdingHintsFor = (
  ports: Ports,
  sizes: readonly PageSize[],
  withSelf: boolean,
): readonly string[] => {
  const { tree } = ports
  const live = isLive(tree)
  if (!live && !withSelf) return []
  const ways = { isCautious: true, withSelf }
  const account = accountForPages(ports, { sizes, everything: false, attach: false, ways })
  const { books, allBooks, found, errors } = account
  const used = allBooks.filter(({ inUse }) => inUse > 0n)
  const ours = isOurs(tree)
  const holds = holdsOf(found, allBooks).filter((hold) => !ours(hold))
  return books.flatMap((one) =>
    holderHints({
      books: one,
      found,
      holds: holds.filter(({ size }) => size === one.size),
      isOnlySize: errors.length === 0 && used.length === 1 && used[0]?.size === one.size,
      isLive: live,
    }),
  )
}
