import type { EtcEntry } from '../../etc/etc-entry.ts'
import type { FileStep } from '../../etc/file-step.ts'

export const persistKinds = ['fstab', 'systemd'] as const

export type PersistKind = (typeof persistKinds)[number]

/** The facts about one directory from which a plan is made. */
export interface PersistFacts {
  /** The octets of /etc/fstab; absent where the file does not exist. */
  readonly fstab?: string
  /** The administrator's unit for the directory (`unit`) and the link that enables it (`wants`). */
  readonly unit: EtcEntry
  readonly wants: EtcEntry
  /**
   * The path of a unit for the directory that a package, or somebody at run time, has installed.
   */
  readonly packaged?: string
  /** Whether /etc/systemd/system exists. */
  readonly systemd: boolean
}

/** The changes that add a mount to one place, or remove it from there. */
export interface PersistPlan {
  readonly kind: PersistKind
  readonly path: string
  /** Empty where there is nothing to do. */
  readonly steps: readonly FileStep[]
}
