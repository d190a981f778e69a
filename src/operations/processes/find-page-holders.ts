import { type HugepoolError, unsupported, usage } from '../../errors.ts'
import { hugePlaceAt } from '../../kernel/processes/scan/huge-file-at.ts'
import { listIfPresent } from '../../kernel/read-attribute.ts'
import { isLive } from '../../kernel/tree.ts'
import { leftSegmentHints } from '../../model/processes/files/segment-words.ts'
import { bookWords } from '../../model/processes/who/book-words.ts'
import { holdsOf, isOnDevice } from '../../model/processes/who/hold-rows.ts'
import type { PageBooks } from '../../model/processes/who/page-books.ts'
import type { PageHold } from '../../model/processes/who/page-hold.ts'
import type { SizeWord } from '../../model/words/page-size.ts'
import type { Ports } from '../ports.ts'
import { accountForPages } from './account-for-pages.ts'

export interface WhoRequest {
  readonly sizes: readonly SizeWord[]
  /** Whether every holder is looked for, also where all pages are explained. */
  readonly everything: boolean
  readonly attach: boolean
  /** Of these, at most one is there. */
  readonly pid?: number
  readonly path?: string
  readonly mount?: string
}

export interface WhoResult {
  readonly books: readonly PageBooks[]
  readonly holds: readonly PageHold[]
  /** The processes that could not be looked into. */
  readonly unseen: number
  /** Whether there may be processes of others that /proc leaves out. */
  readonly hidesProcesses: boolean
  readonly hasMoved: boolean
  readonly notes: readonly string[]
  readonly hints: readonly string[]
  readonly errors: readonly HugepoolError[]
}

type Chooses = (hold: PageHold) => boolean

const isHolding = ({ kind, pages, reserved }: PageHold): boolean =>
  kind === 'buffer' || pages !== 0n || (reserved ?? 0n) > 0n

/** What is asked for. Throws E_USAGE for a process or a file that is not there. */
const choice = ({ tree }: Ports, { pid, path, mount }: WhoRequest): Chooses => {
  if (pid !== undefined) {
    if (!listIfPresent(tree, '/proc').includes(`${pid}`))
      throw usage(`there is no process ${pid}`, undefined, 'no-file')
    return (hold) => hold.process?.pid === pid && isHolding(hold)
  }
  const named = path ?? mount
  if (named === undefined) return isHolding
  if (!isLive(tree)) throw unsupported('recording', `${named}: a recording has no files to look at`)
  const { device, inode } = hugePlaceAt(named)
  return path === undefined
    ? (hold) => isOnDevice(hold, device)
    : ({ files }) => files?.has(`${device}:${inode}`) ?? false
}

const movedWords = 'the counters kept moving while it looked, so that the account may be wrong'

/**
 * Finds everybody and everything that holds pages, and balances the books of the pools. Throws
 * E_UNSUPPORTED for a size without a pool.
 */
export const findPageHolders = (ports: Ports, request: WhoRequest): WhoResult => {
  const chooses = choice(ports, request)
  const { sizes, attach, pid, path, mount } = request
  const isNarrow = [pid, path, mount].some((one) => one !== undefined)
  const everything = request.everything || isNarrow
  const { books, found, hasMoved, errors } = accountForPages(ports, { sizes, everything, attach })
  const holds = holdsOf(found, books).filter(chooses)
  return {
    books,
    holds,
    hints: leftSegmentHints(found, holds),
    unseen: found.unseen.size,
    hidesProcesses: found.hidesProcesses ?? false,
    hasMoved,
    notes: [...books.map((one) => bookWords(one, found)), ...(hasMoved ? [movedWords] : [])],
    errors,
  }
}
