import { readStatus } from '../../kernel/process-status.ts'
import { readPid } from '../../kernel/processes/proc-self.ts'
import { processOf } from '../../kernel/processes/scan/holder-process.ts'
import { isLive, type Tree } from '../../kernel/tree.ts'
import { holdsOf } from '../../model/processes/who/hold-rows.ts'
import { holderHints } from '../../model/processes/who/holder-hints.ts'
import type { HolderProcess, PageHold } from '../../model/processes/who/page-hold.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import type { Ports } from '../ports.ts'
import { accountForPages } from './account-for-pages.ts'

/**
 * Makes a test of whether a hold is this process's own or, with `withSelf`, that of a process which
 * shares its pages: a child of the same name. A child of another name belongs to a program in which
 * this code runs.
 */
const isOurs = (tree: Tree, withSelf: boolean): ((hold: PageHold) => boolean) => {
  const own = readPid(tree)
  if (own === undefined) return () => false
  const { command } = processOf(`${own}`, readStatus(tree), undefined, () => undefined)
  const isChild = ({ parent, command: name }: HolderProcess): boolean =>
    withSelf && parent === own && name === command
  return ({ process: holder }) => holder?.pid === own || (holder !== undefined && isChild(holder))
}

/**
 * Tells what holds pages of the sizes, and what would give them back. It changes nothing, and asks
 * no file that could keep it waiting. `withSelf` says that this process has pages too, which are
 * left out; without it there are no hints for a recording.
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
  const ours = isOurs(tree, withSelf)
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
