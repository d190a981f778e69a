import { HugepoolError } from '../../errors.ts'
import { remount, unattachedMount } from '../../kernel/mounts/attach-mount.ts'
import { detach } from '../../kernel/mounts/detach-mount.ts'
import { makeDirectories } from '../../kernel/mounts/mount-directories.ts'
import { flagsOf } from '../../model/mounts/desired-mount.ts'
import type { MountPlan } from '../../model/mounts/mount-plan.ts'
import type { Ports } from '../ports.ts'

/**
 * Takes back what was done. Where that fails, as on a busy mount, it returns what stays and why. It
 * never throws.
 */
export type Undo = () => string | undefined

type MountPlanOf<Kind extends MountPlan['kind']> = Extract<MountPlan, { kind: Kind }>

const undoBy =
  (stays: string, act: () => string | undefined): Undo =>
  () => {
    try {
      const why = act()
      return why && `${stays}: ${why}`
    } catch (error) {
      return `${stays}: ${error instanceof HugepoolError ? error.message : String(error)}`
    }
  }

/** Directories that were made for the mount are removed again when mounting fails. */
const attachMount = (ports: Ports, { desired, directories }: MountPlanOf<'mount'>): Undo => {
  const native = ports.native()
  const mount = unattachedMount(native, desired)
  try {
    const removeDirectories = makeDirectories(directories)
    try {
      mount.attach()
    } catch (error) {
      removeDirectories()
      throw error
    }
    return undoBy(`${desired.target} stays mounted`, () => {
      if (!detach(native, desired.target, false)) return 'somebody uses it already'
      removeDirectories()
      return undefined
    })
  } finally {
    mount.close()
  }
}

const setFlags = (ports: Ports, { mount, flags }: MountPlanOf<'remount'>): Undo => {
  const native = ports.native()
  remount(native, mount, flags)
  return undoBy(`${mount.target} stays as it was remounted`, () => {
    remount(native, mount, flagsOf(mount))
    return undefined
  })
}

/**
 * Carries out a plan and returns how to take it back. From here on signals are noted and do not end
 * the process: an end between two steps would leave a new directory without its mount.
 */
export const carryOutMount = (ports: Ports, plan: MountPlan): Undo => {
  if (plan.kind !== 'unchanged') ports.watchSignals()
  if (plan.kind === 'mount') return attachMount(ports, plan)
  if (plan.kind === 'remount') return setFlags(ports, plan)
  return () => undefined
}
