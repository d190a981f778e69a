import type { MountRequest } from '../mounts/mount-request.ts'
import type { NodeCount } from '../words/assignment.ts'
import type { Bytes } from '../words/bytes.ts'
import type { Count } from '../words/count.ts'
import type { PageSize } from '../words/page-size.ts'

/**
 * The position of a value. `key` is its path as it stands there, as in `pools.2048kB.pages`. Lines and
 * columns count from 1.
 */
export interface ConfigPosition {
  readonly file: string
  readonly line?: number
  readonly column?: number
  readonly key: string
}

/**
 * The persistent pages of a pool. Counts are pages or memory, never relative. A list of nodes is
 * the whole pool: nodes that it does not name have none.
 */
export interface ConfiguredPages {
  readonly counts: Count | readonly NodeCount[]
  /** Whether a pool that has more stays as it is, as in `>=512`. */
  readonly atLeast: boolean
}

export interface ConfiguredPool {
  readonly size: PageSize
  readonly pages?: ConfiguredPages
  readonly overcommit?: Count
  readonly demoteSize?: PageSize
  /** Whether a shortage is a failure. Otherwise it is only a warning. */
  readonly essential: boolean
  /** Whether a size or node that the machine lacks is left out. Otherwise it is an error. */
  readonly optional: boolean
  /** Whether the pages belong on the kernel command line too. */
  readonly boot: boolean
}

export interface ConfiguredMount {
  readonly request: MountRequest
  readonly mkdir: boolean
  readonly over: boolean
}

/** Settings around the pools, by the names that `tune` gives them. */
export interface ConfiguredTuning {
  /** The group whose members may make SysV segments of huge pages: a name or a number. */
  readonly shmGroup?: string
}

/** What a configuration says of the kernel command line. */
export interface ConfiguredBoot {
  readonly defaultPageSize?: PageSize
  readonly freeVmemmap?: boolean
  readonly cma?: string
}

/**
 * A file that does not count on this machine, and the reason, such as a condition of `[when]` that
 * does not hold.
 */
export interface SkippedFile {
  readonly file: string
  readonly why: string
}

/** What one machine should have: all files that count, merged. Only what is named is managed. */
export interface Configuration {
  /** The pools, largest page size first. */
  readonly pools: readonly ConfiguredPool[]
  readonly mounts: readonly ConfiguredMount[]
  readonly boot: ConfiguredBoot
  readonly tune: ConfiguredTuning
  /** The bytes of memory that have to stay available after all pools together. */
  readonly leave?: Bytes
  /** The files that were read, in the order in which they were merged. */
  readonly files: readonly string[]
  readonly skipped: readonly SkippedFile[]
  /** Where the values stand, by their keys, as in `pools.2M.pages`. */
  readonly positions: ReadonlyMap<string, ConfigPosition>
}
