import type { HugepoolError } from '../../errors.ts'
import { isShortage } from '../../kernel/errno.ts'
import type { Native } from '../../kernel/native/native.ts'
import { readPools } from '../../kernel/pools/pools.ts'
import { scanHiddenKeepers } from '../../kernel/processes/scan/hidden-keepers.ts'
import { scanKeptMounts } from '../../kernel/processes/scan/kept-namespaces.ts'
import { newScan, type ScanWays, scanRecorded } from '../../kernel/processes/scan/new-scan.ts'
import { readPinned } from '../../kernel/processes/scan/page-flags.ts'
import {
  scanDescriptors,
  scanDistantDescriptors,
} from '../../kernel/processes/scan/scan-descriptors.ts'
import {
  scanKeptSegments,
  scanOtherSegments,
  scanOwnSegments,
  scanUntouchedSegments,
} from '../../kernel/processes/scan/scan-ipc-namespaces.ts'
import { scanMissed } from '../../kernel/processes/scan/scan-missed.ts'
import { scanOtherMounts, scanOwnMounts } from '../../kernel/processes/scan/scan-mounts.ts'
import {
  readProcesses,
  scanCandidates,
  scanOthers,
} from '../../kernel/processes/scan/scan-processes.ts'
import { foundSoFar, type Scan } from '../../kernel/processes/scan/scan-state.ts'
import { isLive } from '../../kernel/tree.ts'
import { findPool, inUse, type Pool, type PoolSet } from '../../model/pools/machine.ts'
import { type FoundPages, seesAll } from '../../model/processes/who/found-pages.ts'
import { balanced, type PageBooks } from '../../model/processes/who/page-books.ts'
import type { SizeWord } from '../../model/words/page-size.ts'
import type { Ports } from '../ports.ts'

/** What an account of pages looks at. */
export type AccountPorts = Pick<Ports, 'tree' | 'native'>

export interface AccountRequest {
  /** The pools that are asked for; empty for all pools. */
  readonly sizes: readonly SizeWord[]
  /** Whether every hold is to be found. Otherwise the scan ends where all pages are explained. */
  readonly everything: boolean
  /** Whether a SysV segment may be attached to see what it is. */
  readonly attach: boolean
  /**
   * Whether the scan ends early where a process may not be looked into, because the account cannot
   * be certain any more.
   */
  readonly certainOnly?: boolean
  readonly ways?: ScanWays
}

/** Who and what holds pages, and how that adds up. */
export interface PageAccount {
  readonly books: readonly PageBooks[]
  /** The books of all pools, those too that were not asked for. */
  readonly allBooks: readonly PageBooks[]
  /** The pools that were asked for. */
  readonly pools: readonly Pool[]
  readonly found: FoundPages
  /** Whether the counters kept moving, so that the books may not balance. */
  readonly hasMoved: boolean
  /** The pools that could not be read. */
  readonly errors: readonly HugepoolError[]
}

const poolsAsked = (all: PoolSet, sizes: readonly SizeWord[]): readonly Pool[] =>
  sizes.length === 0 ? all.pools : [...new Set(sizes.map((size) => findPool(all, size)))]

const booksOf = (pools: readonly Pool[], found: FoundPages): readonly PageBooks[] =>
  pools.map((pool) => balanced(pool, found))

const isUnexplained = ({ unexplained }: PageBooks): boolean => unexplained > 0n

const isUnreserved = ({ reserved = 0n, reservedExplained }: PageBooks): boolean =>
  reserved > reservedExplained

/** Whether a file with a name has pages and nobody who maps it: somebody may have it open. */
const hasIdleFiles = ({ files, areas }: FoundPages): boolean => {
  const mapped = new Set(areas.map(({ key }) => key))
  return [...files.values()].some(
    ({ key, isNamed, pages }) => isNamed && pages !== 0n && !mapped.has(key),
  )
}

/** What may be left to explain when a stage begins. */
interface Left {
  readonly pages: () => boolean
  readonly reservations: () => boolean
}

/**
 * Runs the stages in the order of what they cost. Each is left out where nothing is left for it to
 * explain.
 */
const runStages = (scan: Scan, left: Left, { everything, attach }: AccountRequest): void => {
  const some = (): boolean => everything || left.pages() || left.reservations()
  scanOwnMounts(scan)
  const processes = readProcesses(scan)
  scanCandidates(scan, processes)
  // The segments of this namespace are all read from one file.
  const look = () => ({ attach, untouched: left.reservations() })
  scanOwnSegments(scan, look())
  if (some()) scanOtherMounts(scan)
  if (some()) scanOthers(scan, processes)
  if (some()) scanOtherSegments(scan, look())
  if (some() || hasIdleFiles(foundSoFar(scan))) scanDescriptors(scan, processes)
  if (left.pages() || left.reservations()) scanDistantDescriptors(scan)
  if (some()) scanMissed(scan, processes)
  if (some()) scanKeptMounts(scan)
  if (some()) scanKeptSegments(scan, look())
  // While a page is pinned whose file is gone, the kernel can show fewer reserved pages than there
  // are (measured on 6.12), so that nothing seems left to explain where there is.
  if (left.pages() || left.reservations()) scanUntouchedSegments(scan, attach)
  if (!left.pages()) return
  scanHiddenKeepers(scan)
  for (const [size, pages] of readPinned(scan.tree, scan.sizes, scan.basePage) ?? [])
    scan.pinned.set(size, pages)
}

const scanOnce = (
  { tree }: AccountPorts,
  pools: readonly Pool[],
  request: AccountRequest,
  native: Native | undefined,
): FoundPages => {
  const scan = newScan(tree, native, request.ways)
  if (isLive(tree)) {
    const books = () => booksOf(pools, foundSoFar(scan))
    const isInVain = () => request.certainOnly === true && !seesAll(foundSoFar(scan))
    const left = {
      pages: () => !isInVain() && books().some(isUnexplained),
      reservations: () => !isInVain() && books().some(isUnreserved),
    }
    runStages(scan, left, request)
  } else {
    scanOwnMounts(scan)
    scanOwnSegments(scan, { attach: false, untouched: false })
    scanRecorded(scan)
  }
  return foundSoFar(scan)
}

const counters = (pools: readonly Pool[]): string =>
  pools.map((pool) => `${pool.total} ${pool.free} ${pool.reserved}`).join()

/**
 * Returns the addon, or undefined where it is missing: then the scan sees less, and learns what it
 * needs from the processes. Throws where the addon cannot be loaded for want of memory or of a
 * descriptor, because then it is not missing.
 */
export const nativeIfThere = (ports: AccountPorts): Native | undefined => {
  try {
    return isLive(ports.tree) ? ports.native() : undefined
  } catch (error) {
    if (isShortage(error)) throw error
    return undefined
  }
}

/** How often the machine is scanned where its counters move meanwhile. */
const mostScans = 3

/**
 * Accounts for the pages of pools. The counters are read before and after the scan. Where they
 * moved, or where more was found than is in use, the scan is repeated, and the last one says that
 * they moved. Throws E_UNSUPPORTED for a size without a pool. It changes nothing.
 */
export const accountForPages = (ports: AccountPorts, request: AccountRequest): PageAccount => {
  const { tree } = ports
  const native = nativeIfThere(ports)
  for (let scans = 1; ; scans += 1) {
    const all = readPools(tree, false)
    const pools = poolsAsked(all, request.sizes)
    const isIdle = pools.every((pool) => inUse(pool) === 0n && (pool.reserved ?? 0n) === 0n)
    const found =
      isIdle && !request.everything
        ? foundSoFar(newScan(tree, undefined))
        : scanOnce(ports, pools, request, native)
    const books = booksOf(pools, found)
    const after = poolsAsked(readPools(tree, false), request.sizes)
    const hasMoved =
      counters(pools) !== counters(after) || books.some(({ isExceeded }) => isExceeded)
    const errors = (all.unreadable ?? []).map(({ error }) => error)
    if (hasMoved && scans < mostScans) continue
    return { books, allBooks: booksOf(all.pools, found), pools, found, hasMoved, errors }
  }
}
