import type { DesiredMount } from '../../model/mounts/desired-mount.ts'
import type { PersistKind, PersistPlan } from '../../model/mounts/persist/persist-facts.ts'
import type { Pages } from '../../model/words/count.ts'
import type { PageSize } from '../../model/words/page-size.ts'

/** What the configuration of a machine has to do with the mounts of later starts. */
export interface KeptMounts {
  /**
   * Throws E_REFUSED where the configuration mounts the directory already, so that it must not be
   * made to last in this way too.
   */
  readonly refuse: (target: string, kind: PersistKind) => void
  /** Plans what the configuration has to say of a mount. Throws E_CONFIG and E_REFUSED. */
  readonly plan: (desired: DesiredMount) => PersistPlan
  /** Plans the removal of a mount that hugepool wrote there; empty where it wrote none. */
  readonly removal: (target: string) => readonly PersistPlan[]
  /** The pages of a pool that the configuration provides before anything is mounted. */
  readonly provided: (size: PageSize) => Pages
  /** Says whether the configuration is applied at a start. */
  readonly notes: () => Promise<{
    readonly words: readonly string[]
    readonly hints: readonly string[]
  }>
}
