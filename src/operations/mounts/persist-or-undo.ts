import { HugepoolError } from '../../errors.ts'
import type { DesiredMount } from '../../model/mounts/desired-mount.ts'
import type { PersistKind } from '../../model/mounts/persist/persist-facts.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import type { Undo } from './carry-out-mount.ts'
import type { KeptMounts } from './kept-mounts.ts'
import { persistMount } from './persist-mount.ts'
import type { PersistResult } from './persist-result.ts'

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
  kept?: KeptMounts,
): Promise<{ readonly persisted: PersistResult } | Unpersisted> => {
  try {
    const run = present({ dryRun: false, wait: true, locked: true, kept })
    return { persisted: await persistMount(ports, desired, kind, run) }
  } catch (error) {
    const stays = undo()
    if (stays === undefined) throw error
    if (error instanceof HugepoolError) return { failure: error, stays }
    ports.reason(stays)
    throw error
  }
}
