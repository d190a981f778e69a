import { type HugepoolError, unsupported, usage } from '../../errors.ts'
import { countingGroupOf, readCgroupCharges } from '../../kernel/processes/charged-cgroups.ts'
import { readAllFullCgroups, readFullCgroupsOf } from '../../kernel/processes/full-cgroups.ts'
import {
  deviceAtPath,
  type OpenDevice,
  usersOfDevice,
} from '../../kernel/processes/scan/device-users.ts'
import { locateHugeFile } from '../../kernel/processes/scan/locate-huge-file.ts'
import { listIfPresent } from '../../kernel/read-attribute.ts'
import { isLive, procOf } from '../../kernel/tree.ts'
import { availableNow, type Pool } from '../../model/pools/machine.ts'
import type { FullCgroups } from '../../model/processes/cgroup-limit.ts'
import { leftSegmentHints } from '../../model/processes/files/segment-words.ts'
import { bookWords } from '../../model/processes/who/book-words.ts'
import {
  type ChargedCgroup,
  chargedCgroups,
  chargedHints,
} from '../../model/processes/who/charged-cgroup.ts'
import { driverFiles } from '../../model/processes/who/driver-pages.ts'
import type { FoundPages } from '../../model/processes/who/found-pages.ts'
import { fullCgroupHints } from '../../model/processes/who/full-cgroup-words.ts'
import { holdsOf, isOnDevice } from '../../model/processes/who/hold-rows.ts'
import type { PageBooks } from '../../model/processes/who/page-books.ts'
import type { PageHold } from '../../model/processes/who/page-hold.ts'
import { type Unseen, unseenIn } from '../../model/processes/who/unseen.ts'
import type { SizeWord } from '../../model/words/page-size.ts'
import type { Ports } from '../ports.ts'
import { accountForPages } from './account-for-pages.ts'

export interface WhoRequest {
  readonly sizes: readonly SizeWord[]
  /** Whether every holder is looked for, also where all pages are explained. */
  readonly everything: boolean
  readonly attach: boolean
  /** At most one of `pid`, `path` and `mount` is set. */
  readonly pid?: number
  readonly path?: string
  readonly mount?: string
}

export interface WhoResult {
  readonly books: readonly PageBooks[]
  readonly holds: readonly PageHold[]
  readonly unseen: Unseen
  /** The cgroups whose limits keep available pages from their processes. */
  readonly full: readonly FullCgroups[]
  /**
   * The cgroups that are charged for more pages than their processes hold, where pages are
   * unexplained.
   */
  readonly charged: readonly ChargedCgroup[]
  readonly hasMoved: boolean
  readonly notes: readonly string[]
  readonly hints: readonly string[]
  readonly errors: readonly HugepoolError[]
}

type Chooses = (hold: PageHold) => boolean

const isHolding = ({ kind, pages, reserved }: PageHold): boolean =>
  kind === 'buffer' || pages !== 0n || (reserved ?? 0n) > 0n

/** Makes a choice among the holds, by what was found. */
type Choice = (found: FoundPages) => Chooses

/**
 * Chooses the holders of files that a driver maps. The device is not opened, because that could
 * start something; it is known by the processes that have it open.
 */
const ofDevice =
  ({ tree }: Ports, path: string, device: OpenDevice): Choice =>
  (found) => {
    const files = driverFiles(found, usersOfDevice(procOf(tree), path, device))
    if (files.size === 0)
      throw unsupported(
        'not-shown',
        `${path}: nobody is seen who has this device open and maps huge pages of a driver; of a mapping alone the kernel does not show the device`,
        "'hugepool who --all' shows the mappings of every driver",
      )
    return (hold) => [...(hold.files?.keys() ?? [])].some((key) => files.has(key))
  }

/** Makes the choice that is asked for. Throws E_USAGE for a process or a file that is not there. */
const choice = (ports: Ports, { pid, path, mount }: WhoRequest): Choice => {
  const { tree } = ports
  if (pid !== undefined) {
    if (!listIfPresent(tree, '/proc').includes(`${pid}`))
      throw usage(`there is no process ${pid}`, undefined, 'no-file')
    return () => (hold) => hold.process?.pid === pid && isHolding(hold)
  }
  const named = path ?? mount
  if (named === undefined) return () => isHolding
  if (!isLive(tree)) throw unsupported('recording', `${named}: a recording has no files to look at`)
  const ofDriver = path === undefined ? undefined : deviceAtPath(path)
  if (ofDriver !== undefined) return ofDevice(ports, named, ofDriver)
  const { device, inode } = locateHugeFile(named)
  return path === undefined
    ? () => (hold) => isOnDevice(hold, device)
    : () =>
        ({ files }) =>
          files?.has(`${device}:${inode}`) ?? false
}

/**
 * Reads the charges of all cgroups, where pages are not explained and nothing narrows the request.
 */
const chargedOf = (
  { tree }: Ports,
  { pid, path, mount }: WhoRequest,
  books: readonly PageBooks[],
  holds: readonly PageHold[],
): readonly ChargedCgroup[] => {
  if ([pid, path, mount].some((one) => one !== undefined)) return []
  const charges = books.flatMap(({ size, unexplained }) =>
    unexplained > 0n ? readCgroupCharges(tree, size) : [],
  )
  if (charges.length === 0) return []
  const pids = new Set(holds.flatMap(({ process }) => process?.pid ?? []))
  const groups = new Map([...pids].map((one) => [one, countingGroupOf(tree, one)]))
  return chargedCgroups(charges, holds, (one) => groups.get(one))
}

/** Looks for full cgroups where pages are available: otherwise the pool is what lacks them. */
const fullCgroups = (
  { tree }: Ports,
  { pid, path, mount }: WhoRequest,
  pools: readonly Pool[],
): readonly FullCgroups[] => {
  const sizes = pools.filter((pool) => availableNow(pool) > 0n).map(({ size }) => size)
  if (pid !== undefined) return sizes.map((size) => readFullCgroupsOf(tree, size, pid))
  return path === undefined && mount === undefined ? readAllFullCgroups(tree, sizes) : []
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
  const account = accountForPages(ports, { sizes, everything, attach })
  const { books, allBooks, pools, found, hasMoved, errors } = account
  const asked = new Set(books.map(({ size }) => size))
  const chosen = chooses(found)
  const full = fullCgroups(ports, request, pools)
  const holds = holdsOf(found, allBooks).filter((hold) => asked.has(hold.size) && chosen(hold))
  const charged = chargedOf(ports, request, books, holds)
  return {
    books,
    holds,
    hints: [
      ...leftSegmentHints(found, holds),
      ...books.flatMap(({ size }) => chargedHints(charged.filter((one) => one.size === size))),
      ...pools.flatMap((pool) => fullCgroupHints(full, pool)),
    ],
    unseen: unseenIn(found),
    full,
    charged,
    hasMoved,
    notes: [...books.map((one) => bookWords(one, found)), ...(hasMoved ? [movedWords] : [])],
    errors,
  }
}
