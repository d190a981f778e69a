import { removeLeftovers } from '../../kernel/etc/etc-files.ts'
import { bootRecordPath } from '../../model/boot/loaders/boot-record.ts'
import type { LoaderRow } from '../../model/boot/loaders/loader-row.ts'
import { planRemoval } from '../../model/boot/loaders/removal-plan.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { carryOutLoader } from './carry-out-loader.ts'
import {
  foreseen,
  type LoaderChange,
  leftoverPaths,
  readBack,
  shownLoader,
} from './loader-change.ts'
import { changingStateOf, loaderWords, lookAtLoader, recordedLoader } from './look-at-loader.ts'

/** What is asked of a removal. */
export interface RemovalRequest {
  /** Whether a file of hugepool goes although others have changed it. */
  readonly replace: boolean
  readonly dryRun: boolean
}

const nothingToRemove = (row: LoaderRow): LoaderChange => ({
  kind: 'change',
  outcome: 'unchanged',
  loader: shownLoader(row),
  sequence: '',
  lines: [],
  notes: [loaderWords(row), 'hugepool has installed no words'],
  hints: [],
})

/** Removes what was installed, exactly. Throws as `installWords` does. */
export const removeWords = async (
  ports: Ports,
  { replace, dryRun: isDry }: RemovalRequest,
): Promise<LoaderChange> => {
  const act = async (): Promise<LoaderChange> => {
    const found = await lookAtLoader(ports)
    if (found.record === undefined) {
      if (!isDry && ports.run !== undefined) removeLeftovers(ports.tree, [bootRecordPath])
      return { ...nothingToRemove(found.row), kind: isDry ? 'dry-run' : 'change' }
    }
    const loader = recordedLoader(found.record)
    const state = changingStateOf(ports, found, loader)
    const steps = planRemoval(state, replace)
    if (isDry) return { ...foreseen(ports, loader, steps), sequence: '' }
    await carryOutLoader(ports, steps, leftoverPaths(state))
    const { isRight: _, notes, ...read } = await readBack(ports, loader, undefined)
    const isLeft = found.record.sequences.includes(read.next?.words ?? '')
    return {
      ...nothingToRemove(loader),
      outcome: isLeft ? 'partial' : 'done',
      notes: [loaderWords(loader), ...notes],
      hints: ['it takes a reboot: nothing is changed until then'],
      ...read,
    }
  }
  return isDry ? act() : withLock(ports, true, act)
}
