import type { ConfigItem } from '../config/config-item.ts'
import type { ShownMount } from '../mounts/hugetlbfs-mount.ts'
import type { ShownPool } from '../pools/shown-pool.ts'
import type { PageBooks } from '../processes/who/page-books.ts'
import type { PageHold } from '../processes/who/page-hold.ts'
import type { Bytes } from '../words/bytes.ts'
import type { PageSize } from '../words/page-size.ts'

/** The parts of a look, each of which can fail by itself. */
export const collectors = ['pools', 'mounts', 'cgroups', 'holders', 'config'] as const

export type Collector = (typeof collectors)[number]

/** How a part of the look went. */
export interface CollectorRun {
  readonly collector: Collector
  /** Whether all of it could be read. */
  readonly success: boolean
  readonly seconds: number
}

/** What a cgroup has of a page size, with the groups below it. What is unknown is absent. */
export interface CgroupPages {
  /** The path of the group in the hierarchy of the controller. */
  readonly group: string
  readonly size: PageSize
  readonly usage: Bytes
  /** The limit on pages, in bytes; absent where there is none. */
  readonly limit?: Bytes
  readonly reserved?: Bytes
  readonly reservedLimit?: Bytes
  /** How often a limit has refused pages, as the kernel counts it for this group. */
  readonly failures: bigint
}

export interface HolderFacts {
  readonly holds: readonly PageHold[]
  readonly books: readonly PageBooks[]
  /** How many processes could not be looked into. */
  readonly unseen: number
}

/** What one look at the machine has found for metrics. A part that was not looked at is absent. */
export interface MetricsFacts {
  readonly version: string
  readonly pools: readonly ShownPool[]
  readonly mounts: readonly ShownMount[]
  readonly cgroups?: readonly CgroupPages[]
  readonly holders?: HolderFacts
  /** How the machine compares with its configuration; absent where there is none. */
  readonly items?: readonly ConfigItem[]
  readonly runs: readonly CollectorRun[]
}
