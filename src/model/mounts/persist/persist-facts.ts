import type { EtcEntry } from '../../etc/etc-entry.ts'
import type { FileStep } from '../../etc/file-step.ts'

export const persistKinds = ['fstab', 'systemd'] as const

export type PersistKind = (typeof persistKinds)[number]

/** Everything a plan is made from, for one directory. */
export interface PersistFacts {
  /** The octets of /etc/fstab, absent where there is none. */
  readonly fstab?: string
  /** The administrator's unit for the directory, and the link that enables it. */
  readonly unit: EtcEntry
  readonly wants: EtcEntry
  /** The unit for the directory that a package or somebody at run time has put there, by its path. */
  readonly packaged?: string
  /** /etc/systemd/system is there. */
  readonly systemd: boolean
}

/** How one place comes to hold, or no longer to hold, a mount. */
export interface PersistPlan {
  readonly kind: PersistKind
  readonly path: string
  /** None where there is nothing to do. */
  readonly steps: readonly FileStep[]
}
