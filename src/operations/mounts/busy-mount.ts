import type { HugepoolError } from '../../errors.ts'
import { busyError } from '../../model/mounts/holder-lines.ts'
import type { FatedMount } from '../../model/mounts/propagation.ts'
import { type Holders, holdersBy, holdersOfMount } from '../../model/mounts/umount-holder.ts'
import type { MountToRemove } from './mount-to-remove.ts'

/** Makes the error of a mount that umount(2) has just found busy. */
export const busyNow = (subject: MountToRemove): HugepoolError => {
  const { line, mount } = subject
  return busyError(mount.target, holdersOfMount(subject.holders(), line.id), mount.pageSize)
}

/**
 * Throws where holders make umount(2) fail. It looks at the mounts that would go along too
 * (propagate_mount_busy in fs/pnode.c).
 */
export const refuseBusy = (
  { line, mount }: MountToRemove,
  holders: Holders,
  elsewhere: readonly FatedMount[],
): void => {
  const along = elsewhere.flatMap(({ id, fate }) => (fate === 'goes' ? [id] : []))
  const certain = holdersBy(holders, line.id, ...along)
  if (certain.found.length > 0) throw busyError(mount.target, certain, mount.pageSize)
}
