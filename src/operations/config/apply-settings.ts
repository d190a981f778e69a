import { HugepoolError, objectionOf } from '../../errors.ts'
import { explain, type Meaning } from '../../kernel/errno.ts'
import type { ItemError } from '../../model/config/config-change.ts'
import type { ItemName } from '../../model/config/config-item.ts'
import type { GroupStep } from '../../model/config/group-step.ts'
import { type DemoteSizeStep, demoteSizeText } from '../../model/pools/demote-size-plan.ts'
import { kilobytesOf } from '../../model/words/bytes.ts'
import { formatSize } from '../../model/words/page-size.ts'
import type { Undo } from '../mounts/carry-out-mount.ts'
import type { Ports } from '../ports.ts'

/**
 * The errors of items that were carried out one by one, and how to take the others back, in the
 * order in which they were carried out.
 */
export interface AppliedItems {
  readonly errors: readonly ItemError[]
  readonly undos: readonly Undo[]
}

export const nothingApplied: AppliedItems = { errors: [], undos: [] }

export const together = (all: readonly AppliedItems[]): AppliedItems => ({
  errors: all.flatMap(({ errors }) => errors),
  undos: all.flatMap(({ undos }) => undos),
})

/** Carries out one item. An error is told with it, and keeps no other from being done. */
export const attemptItem = (name: ItemName, act: () => readonly Undo[]): AppliedItems => {
  try {
    return { errors: [], undos: act() }
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    return { errors: [{ ...name, error }], undos: [] }
  }
}

interface Write {
  readonly path: string
  readonly value: string
  readonly before: string
  readonly rejected?: Meaning
}

/** Writes a value into a file of the kernel; `rejected` is what EINVAL means there. */
export const writeSetting = (
  { tree }: Ports,
  path: string,
  value: string,
  rejected?: Meaning,
): void => {
  try {
    tree.write(path, value)
  } catch (error) {
    throw explain(error, path, rejected && { EINVAL: rejected })
  }
}

/** Writes a setting. Returns how to write it as it was. */
const setting = (ports: Ports, { path, value, before, rejected }: Write): readonly Undo[] => {
  writeSetting(ports, path, value, rejected)
  const putBack: Undo = () => {
    const [failure] = objectionOf(() => writeSetting(ports, path, before))
    return failure && `${path} stays at ${value}: ${failure.message}`
  }
  return [putBack]
}

/** Sets the sizes that pools are split into. */
export const applyDemoteSizes = (ports: Ports, steps: readonly DemoteSizeStep[]): AppliedItems =>
  together(
    steps.map((step) => {
      const { size, path, requested } = step
      const words = `the kernel does not split ${formatSize(size)} into ${formatSize(requested)} pages (EINVAL)`
      const rejected = { code: 'E_UNSUPPORTED', reason: 'no-feature', words } as const
      const value = demoteSizeText(step)
      return attemptItem({ attribute: 'demote-size', size }, () =>
        setting(ports, { path, value, before: kilobytesOf(step.before), rejected }),
      )
    }),
  )

/** Sets the group that may make SysV segments of huge pages. */
export const applyGroup = (ports: Ports, step: GroupStep | undefined): AppliedItems =>
  step === undefined
    ? nothingApplied
    : attemptItem({ attribute: 'shm-group' }, () =>
        setting(ports, { path: step.path, value: `${step.requested}`, before: `${step.before}` }),
      )
