import { HugepoolError } from '../../errors.ts'
import type { DesiredMount } from '../../model/mounts/desired-mount.ts'
import type { PersistKind } from '../../model/mounts/persist/persist-facts.ts'
import type { Ports } from '../ports.ts'
import type { Undo } from './carry-out-mount.ts'
import { type PersistResult, persistMount } from './persist-mount.ts'

/** The error of an entry that could not be written, and what stays nevertheless. */
export interface Unpersisted {
  readonly failure: HugepoolError
  readonly stays: string
}

/**
 * Makes the mount last. Where that fails in spite of the check beforehand, the mount is taken back
 * and the error is thrown. Where the mount stays as well, something was done, and the error is part
 * of the result.
 */
export const persistOrUndo = async (
  ports: Ports,
  desired: DesiredMount,
  kind: PersistKind,
  undo: Undo,
): Promise<{ readonly persisted: PersistResult } | Unpersisted> => {
  try {
    const run = { dryRun: false, wait: true, locked: true }
    return { persisted: await persistMount(ports, desired, kind, run) }
  } catch (error) {
    const stays = undo()
    if (stays === undefined) throw error
    if (error instanceof HugepoolError) return { failure: error, stays }
    ports.reason(stays)
    throw error
  }
}
