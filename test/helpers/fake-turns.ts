import type { TouchRequest } from '../../src/kernel/native/native-mapping.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import type { Errno } from './fake-kernel/fake-kernel-errors.ts'

/** What a test turns while pages are mapped, and what it sees of the touches. */
export interface FakeTurns {
  readonly touches: TouchRequest[]
  /** Files by path, for `openExisting`: bytes of hugetlbfs, undefined for a device. */
  readonly existing: Map<string, { readonly pageSize?: bigint; readonly bytes: bigint }>
  /** The length of every file, whatever was mapped. */
  truncatedTo: bigint | undefined
  /** What pages in every file take. */
  heldInFiles: bigint
  /** Directories in which no file may be made. */
  readonly closedTo: Set<string>
  /** Of the file system on which a file came to lie, in place of 2M. */
  otherPageSize: bigint | undefined
  /** What every mount leaves. */
  freeOnMount: bigint | undefined
  /** The next map or attach answers so. */
  refusal: { readonly errno: Errno; readonly syscall: string } | undefined
  /** A page that answers with an errno, whatever the pool has. */
  failing: { readonly page: number; readonly errno: string } | undefined
  /** How far other threads have come when a page fails. */
  reaching: number | undefined
  /** Called before each page is touched. */
  onTouch: ((page: number) => void) | undefined
  /** A page in which another pattern is found. */
  differing: number | undefined
  /** Frame numbers of pages; none without privilege. */
  readonly frameNumbers: (bigint | undefined)[]
  populates: boolean
  /** Every other process ends by a signal at this call. */
  killedAt: 'map' | 'touch' | 'write' | 'verify' | 'hold' | undefined
  /** Every touch, or every look at nodes, or the next memfd, answers so. */
  unable: { readonly call: 'touch' | 'nodes' | 'memfd'; readonly error: Error } | undefined
  /** Touching takes so many milliseconds of the clock, unless it is stopped. */
  delay: number
  readonly clock: FakeClock
}

/** Nothing is turned yet. */
export const newTurns = (): FakeTurns => ({
  touches: [],
  existing: new Map(),
  truncatedTo: undefined,
  heldInFiles: 0n,
  closedTo: new Set(),
  otherPageSize: undefined,
  freeOnMount: undefined,
  refusal: undefined,
  failing: undefined,
  reaching: undefined,
  onTouch: undefined,
  differing: undefined,
  frameNumbers: [],
  populates: true,
  unable: undefined,
  killedAt: undefined,
  delay: 0,
  clock: fakeClock(),
})
