import { refused } from '../../../errors.ts'
import type { MountWish } from '../desired-mount.ts'
import { fstabPath, mentionsOf } from './fstab.ts'
import { refuseForeignLines } from './fstab-edit.ts'
import { planLine, planLineRemoval } from './fstab-plan.ts'
import type { PersistKind, PersistPlan, PersistState } from './persist-facts.ts'
import { unitName, unitPath } from './systemd-unit.ts'
import { planUnit, planUnitRemoval, refuseForeignUnit } from './unit-plan.ts'

/** Two that mount the same directory would mount it twice, the one over the other. */
const refuseUnit = ({ unit }: PersistState, path: string): void => {
  if (unit.kind === 'nothing') return
  refuseForeignUnit({ unit }, path)
  throw refused(
    `${path} mounts it already`,
    "take '--persist systemd', or remove it with 'hugepool umount --persist'",
  )
}

const refuseMention = (state: PersistState, target: string): void => {
  const [mention] = mentionsOf(state.fstab ?? '', target)
  if (mention === undefined) return
  throw refused(
    `${fstabPath}: line ${mention.number} mounts ${target} already`,
    mention.own
      ? "take '--persist fstab', or remove it with 'hugepool umount --persist'"
      : 'remove it by hand, or leave the mount to it',
  )
}

/** Both ways would put it aside without a word: systemd mounts by one unit of a name. */
const refusePackaged = ({ packaged }: PersistState, target: string): void => {
  if (packaged === undefined) return
  throw refused(
    `${packaged} is there for ${target} and was not written by hugepool`,
    'leave the mount to it, or take another directory',
  )
}

/**
 * How a mount comes to be there after the next start. Throws E_REFUSED where somebody else sees to
 * that directory, and E_UNSUPPORTED for a unit where there is no systemd.
 */
export const planPersist = (
  state: PersistState,
  wish: MountWish,
  kind: PersistKind,
): PersistPlan => {
  refusePackaged(state, wish.target)
  if (kind === 'systemd') {
    refuseMention(state, wish.target)
    return planUnit(state, wish)
  }
  refuseUnit(state, unitPath(unitName(wish.target) ?? ''))
  return planLine(state, wish)
}

/**
 * How everything goes that hugepool wrote for a directory, and nothing else; none where nobody sees
 * to it. Throws E_REFUSED where others do and hugepool does not.
 */
export const planUnpersist = (state: PersistState, target: string): readonly PersistPlan[] => {
  const plans = [...planUnitRemoval(state, target), ...planLineRemoval(state, target)]
  if (plans.length > 0) return plans
  refuseForeignLines(state.fstab ?? '', target)
  refuseForeignUnit(state, unitPath(unitName(target) ?? ''))
  refusePackaged(state, target)
  return []
}
