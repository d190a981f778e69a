import type { Bytes } from '../../words/bytes.ts'
import type { Pages } from '../../words/count.ts'
import type { PageSize } from '../../words/page-size.ts'

/** A pool, with the pages that it may have altogether: persistent ones and overcommit. */
export interface PoolRoom {
  readonly size: PageSize
  readonly persistent: Pages
  readonly most: Pages
}

/** The facts about a machine that decide on settings. */
export interface TuneFacts {
  /** The pools, those of the smallest pages first. */
  readonly pools: readonly PoolRoom[]
  readonly basePage: Bytes
  readonly memory?: Bytes
  /** The size of a transparent huge page, in bytes; absent where the kernel makes none. */
  readonly thpSize?: Bytes
  /** Whether the kernel was started with ipcmni_extend; absent where its line cannot be read. */
  readonly extendedIpc?: boolean
  /** The number of zones that have memory, without those of movable memory and of devices. */
  readonly zones?: bigint
}
