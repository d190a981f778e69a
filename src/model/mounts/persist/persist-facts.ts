import type { EtcEntry } from '../../etc/etc-entry.ts'
import type { FileStep } from '../../etc/file-step.ts'

/** What mounts at a start by itself. */
export const etcPersistKinds = ['fstab', 'systemd'] as const

/** What mounts at a start: fstab and systemd by themselves, and hugepool by its configuration. */
export const persistKinds = [...etcPersistKinds, 'config'] as const

export type EtcPersistKind = (typeof etcPersistKinds)[number]
export type PersistKind = (typeof persistKinds)[number]

/** A unit whose name is another name of the directory, which leads there through symbolic links. */
export interface UnitAlias {
  readonly path: string
  /** The directory by the name that the unit gives it. */
  readonly where: string
  /** The file, and the link that enables it where that is one of the administrator's. */
  readonly unit: EtcEntry
  readonly wants: EtcEntry
}

/** The facts about one directory from which a plan is made. */
export interface PersistFacts {
  /** The octets of /etc/fstab; absent where the file does not exist. */
  readonly fstab?: string
  /** The administrator's unit for the directory (`unit`) and the link that enables it (`wants`). */
  readonly unit: EtcEntry
  readonly wants: EtcEntry
  /** The path of a unit for the directory that a package has installed, or that was made at run time. */
  readonly packaged?: string
  /**
   * The path of the file that masks the unit: an empty one, or a link to /dev/null. Systemd finds it
   * before all other units of that name, so that none of these has an effect.
   */
  readonly masked?: string
  /** True where no target or service wants the unit of others, so that nothing starts it by itself. */
  readonly idle?: boolean
  /** Other names of the directory in fstab, as octets, which lead there through symbolic links. */
  readonly names?: readonly string[]
  readonly aliases?: readonly UnitAlias[]
  /** Whether /etc/systemd/system exists: systemd will start this machine. */
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
