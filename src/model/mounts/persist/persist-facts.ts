import type { EtcEntry } from '../../etc/etc-entry.ts'
import type { FileStep } from '../../etc/file-step.ts'

/** The places in /etc from which the system itself mounts at a start. */
export const etcPersistKinds = ['fstab', 'systemd'] as const

/** All places from which mounts are made at a start. Those of a configuration hugepool makes. */
export const persistKinds = [...etcPersistKinds, 'config'] as const

export type EtcPersistKind = (typeof etcPersistKinds)[number]
export type PersistKind = (typeof persistKinds)[number]

/** A unit for another name of the directory, a path that leads there through symbolic links. */
export interface UnitAlias {
  readonly path: string
  /** The directory by the name that the unit gives it. */
  readonly where: string
  readonly unit: EtcEntry
  /** The link that enables the unit, where it is one of the administrator's. */
  readonly wants: EtcEntry
}

/** The facts about one directory from which a plan is made. */
export interface PersistFacts {
  /** The octets of /etc/fstab; absent where the file does not exist. */
  readonly fstab?: string
  /** The administrator's unit for the directory. */
  readonly unit: EtcEntry
  /** The link that enables that unit. */
  readonly wants: EtcEntry
  /**
   * The path of a unit for the directory that a package has installed, or that was made at run
   * time.
   */
  readonly packaged?: string
  /**
   * The path of the file that masks the unit: an empty one, or a link to /dev/null. systemd finds
   * it before all other units of that name, so none of them has an effect.
   */
  readonly masked?: string
  /** True where no target or service wants the unit of others, so that no start mounts it. */
  readonly idle?: boolean
  /** Other names of the directory in fstab, as octets, which lead there through symbolic links. */
  readonly names?: readonly string[]
  readonly aliases?: readonly UnitAlias[]
  /** Whether /etc/systemd/system exists, which shows that systemd starts this machine. */
  readonly systemd: boolean
  /** Whether systemd runs now. */
  readonly systemdRuns: boolean
}

/** The changes that add a mount to one place, or remove it from there. */
export interface PersistPlan {
  readonly kind: PersistKind
  readonly path: string
  /** Empty where there is nothing to do. */
  readonly steps: readonly FileStep[]
}
