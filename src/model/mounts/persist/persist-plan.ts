import { refused } from '../../../errors.ts'
import type { DesiredMount } from '../desired-mount.ts'
import { fstabPath, mentionsOf } from './fstab.ts'
import { refuseForeignLines } from './fstab-edit.ts'
import { planLine, planLineRemoval } from './fstab-plan.ts'
import type { PersistFacts, PersistKind, PersistPlan } from './persist-facts.ts'
import { unitName, unitPath } from './systemd-unit.ts'
import { planUnit, planUnitRemoval, refuseForeignUnit } from './unit-plan.ts'

/**
 * Throws E_REFUSED where a unit for the directory exists. The unit and a line of fstab would mount
 * on it twice, one mount over the other.
 */
const refuseUnit = ({ unit }: PersistFacts, path: string): void => {
  if (unit.kind === 'nothing') return
  refuseForeignUnit({ unit }, path)
  throw refused(
    `${path} mounts it already`,
    "take '--persist systemd', or remove it with 'hugepool umount --persist'",
  )
}

const refuseMention = (facts: PersistFacts, target: string): void => {
  const [mention] = mentionsOf(facts.fstab ?? '', target)
  if (mention === undefined) return
  throw refused(
    `${fstabPath}: line ${mention.number} mounts ${target} already`,
    mention.own
      ? "take '--persist fstab', or remove it with 'hugepool umount --persist'"
      : 'remove it by hand, or leave the mount to it',
  )
}

/**
 * Throws E_REFUSED where others have installed a unit for the directory in `packagedDirectories`. A
 * line or a unit of hugepool would override it silently, because systemd uses one unit of a name.
 */
const refusePackaged = ({ packaged }: PersistFacts, target: string): void => {
  if (packaged === undefined) return
  throw refused(
    `${packaged} is there for ${target} and was not written by hugepool`,
    'leave the mount to it, or take another directory',
  )
}

/**
 * Plans how a mount is made after the next start. Throws E_REFUSED where somebody else mounts on
 * the directory, and E_UNSUPPORTED for a unit where there is no systemd.
 */
export const planPersist = (
  facts: PersistFacts,
  desired: DesiredMount,
  kind: PersistKind,
): PersistPlan => {
  refusePackaged(facts, desired.target)
  if (kind === 'systemd') {
    refuseMention(facts, desired.target)
    return planUnit(facts, desired)
  }
  refuseUnit(facts, unitPath(unitName(desired.target) ?? ''))
  return planLine(facts, desired)
}

/**
 * Plans the removal of what hugepool wrote for a directory, and of nothing else. Returns no plan
 * where nothing mounts there. Throws E_REFUSED where others mount there and hugepool does not.
 */
export const planUnpersist = (facts: PersistFacts, target: string): readonly PersistPlan[] => {
  const plans = [...planUnitRemoval(facts, target), ...planLineRemoval(facts, target)]
  if (plans.length > 0) return plans
  refuseForeignLines(facts.fstab ?? '', target)
  refuseForeignUnit(facts, unitPath(unitName(target) ?? ''))
  refusePackaged(facts, target)
  return []
}
