import { isLive } from '../../kernel/tree.ts'
import type { KnownHolding } from '../../model/doctor/findings/known-machine.ts'
import { hiddenProcessesWords } from '../../model/mounts/hidden-by.ts'
import { inUse, type Machine } from '../../model/pools/machine.ts'
import type { HugeFile } from '../../model/processes/files/huge-file.ts'
import { type FoundPages, seesAll } from '../../model/processes/who/found-pages.ts'
import { unseenNames } from '../../model/processes/who/unseen.ts'
import { plural } from '../../model/words/plural.ts'
import type { Ports } from '../ports.ts'
import { accountForPages } from '../processes/account-for-pages.ts'
import { listFiles } from '../processes/files/list-files.ts'
import type { Noting } from './note-errors.ts'

const noteUnseen = ({ unseen, hidden, unread = [] }: FoundPages, { note }: Noting): void => {
  if (unseen.size > 0)
    note(
      `${plural(unseen.size, 'process', 'processes')} could not be looked into, and may hold pages: ${unseenNames({ unseen })}`,
    )
  if (hidden !== undefined)
    note(`there may be ${hiddenProcessesWords[hidden]}: they may hold pages`)
  if (unread.length > 0)
    note(
      `${plural(unread.length, 'directory', 'directories')} could not be looked at, and may have files`,
    )
}

/** Tells whether there is a file with pages that nobody was seen to have so far. */
const mayBeLeft = ({ files, areas, descriptors }: FoundPages): boolean => {
  const held = new Set([...areas, ...descriptors].map(({ key }) => key))
  return [...files.values()].some(
    ({ key, isNamed, pages }) => isNamed && pages !== 0n && !held.has(key),
  )
}

/**
 * Lists the files that nobody has. Everybody is looked at only where there may be any, because that
 * takes long.
 */
const filesNobodyHas = (ports: Ports, found: FoundPages): readonly HugeFile[] =>
  mayBeLeft(found)
    ? listFiles(ports, { paths: [] }).files.filter(
        ({ state, pages }) => state === 'left' && pages > 0n,
      )
    : []

/**
 * Accounts for the pages. Where not everybody could be looked into, or the counters moved meanwhile,
 * pages that nobody was found to hold are noted, and are no finding.
 */
export const lookAtHolding = (
  ports: Ports,
  { pools }: Machine,
  see: Noting,
): KnownHolding | undefined => {
  if (!isLive(ports.tree)) {
    if (pools.some((pool) => inUse(pool) > 0n))
      see.note('a recording does not show who holds pages')
    return undefined
  }
  const account = accountForPages(ports, {
    sizes: [],
    everything: false,
    attach: false,
    certainOnly: true,
  })
  const { books, found, hasMoved } = account
  noteUnseen(found, see)
  if (hasMoved) see.note('the counters kept moving: who holds pages is not known for certain')
  const isCertain = seesAll(found) && !hasMoved
  return { books: isCertain ? books : [], found, left: filesNobodyHas(ports, found) }
}
