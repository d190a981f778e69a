import type { StopSignal } from '../errors.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Mapper } from '../kernel/mapping/mapper.ts'
import type { Native } from '../kernel/native/native.ts'
import type { Tree } from '../kernel/tree.ts'

/** A growth under way, in persistent pages. */
export interface Progress {
  readonly label: string
  readonly obtained: bigint
  readonly requested: bigint
}

/** Notes signals that ask to stop, from the first call until all has been said. */
export interface SignalWatch {
  pending(): StopSignal | undefined
}

/** All that an operation touches besides its request. */
export interface Ports extends Clock {
  readonly tree: Tree
  /** Throws where the tree is not the running kernel or the addon is missing. */
  readonly native: () => Native
  /** What maps and touches pages; throws as `native` does. */
  readonly mapper: () => Promise<Mapper>
  readonly watchSignals: () => SignalWatch
  /** Something to say to a person at once, on stderr. */
  readonly note: (text: string) => void
  readonly progress: (progress: Progress) => void
}
