import { type HugepoolError, objectionOf, refused, throwAll } from '../../../errors.ts'
import type { DesiredMount } from '../desired-mount.ts'
import { fstabPath, mentionsOf, mentionWords } from './fstab.ts'
import { refuseForeignLines } from './fstab-edit.ts'
import { planLine, planLineRemoval } from './fstab-plan.ts'
import type { EtcPersistKind, PersistFacts, PersistKind, PersistPlan } from './persist-facts.ts'
import { unitName, unitPath } from './systemd-unit.ts'
import { planUnit, planUnitRemoval, refuseForeignUnit } from './unit-plan.ts'
import { foreignUnitHint, refuseAliases, refuseMasked } from './unit-refusals.ts'

/**
 * Throws E_REFUSED where a unit for the directory exists. The unit and a line of fstab would mount
 * on it twice, one mount over the other.
 */
const refuseUnit = (facts: PersistFacts, path: string): void => {
  if (facts.unit.kind === 'nothing') return
  refuseForeignUnit(facts, path)
  throw refused(
    'otherwise',
    `${path} mounts it already`,
    "take '--persist systemd', or remove it with 'hugepool umount --persist'",
  )
}

const refuseMention = ({ fstab, names }: PersistFacts, target: string): void => {
  const [mention] = mentionsOf(fstab ?? '', target, names)
  if (mention === undefined) return
  throw refused(
    mention.own ? 'otherwise' : 'not-ours',
    `${fstabPath}: line ${mentionWords(mention)} mounts ${target} already`,
    mention.own
      ? "take '--persist fstab', or remove it with 'hugepool umount --persist'"
      : 'remove it by hand, or leave the mount to it',
  )
}

/**
 * Throws E_REFUSED where others have installed a unit for the directory in `packagedDirectories`. A
 * line or a unit of hugepool would override it silently, because systemd uses one unit of a name.
 */
const refusePackaged = (facts: PersistFacts, target: string): void => {
  const { packaged } = facts
  if (packaged === undefined) return
  throw refused(
    'not-ours',
    `${packaged} is there for ${target} and was not written by hugepool`,
    `${foreignUnitHint(facts, packaged)}, or take another directory`,
  )
}

const noUnit = { kind: 'nothing' } as const

/**
 * Returns all that keeps a mount from being made after the next start, in the order in which it can
 * be mended: E_REFUSED where somebody else mounts on the directory, and E_UNSUPPORTED for a unit
 * where there is no systemd. A configuration mounts where neither fstab nor a unit does.
 */
export const persistObjections = (
  facts: PersistFacts,
  desired: DesiredMount,
  kind: PersistKind,
): readonly HugepoolError[] => {
  const { target } = desired
  // The file that masks a unit is no unit, and refuseMasked names it.
  const unmasked = facts.masked === undefined ? facts : { ...facts, unit: noUnit }
  const line = () => {
    refuseUnit(unmasked, unitPath(unitName(target) ?? ''))
    planLine(facts, desired)
  }
  const unit = () => {
    refuseMention(facts, target)
    planUnit(unmasked, desired)
  }
  const both = () => {
    refuseUnit(unmasked, unitPath(unitName(target) ?? ''))
    refuseMention(facts, target)
  }
  const ways: Readonly<Record<PersistKind, () => void>> = {
    systemd: unit,
    fstab: line,
    config: both,
  }
  return [
    () => refuseMasked(facts, target),
    () => facts.masked ?? refusePackaged(facts, target),
    () => refuseAliases(facts, target),
    ways[kind],
  ].flatMap(objectionOf)
}

/** Plans how a mount is made after the next start. Throws what `persistObjections` returns. */
export const planPersist = (
  facts: PersistFacts,
  desired: DesiredMount,
  kind: EtcPersistKind,
): PersistPlan => {
  throwAll(persistObjections(facts, desired, kind))
  return kind === 'systemd' ? planUnit(facts, desired) : planLine(facts, desired)
}

/**
 * Plans the removal of what hugepool wrote for a directory, and of nothing else. Returns no plan
 * where nothing mounts there, as where the unit is masked. Throws E_REFUSED where others mount
 * there and hugepool does not.
 */
export const planUnpersist = (facts: PersistFacts, target: string): readonly PersistPlan[] => {
  const plans = [...planUnitRemoval(facts, target), ...planLineRemoval(facts, target)]
  if (plans.length > 0) return plans
  const unit = () => {
    if (facts.masked !== undefined) return
    refuseForeignUnit(facts, unitPath(unitName(target) ?? ''))
    refusePackaged(facts, target)
  }
  const lines = () => refuseForeignLines(facts.fstab ?? '', target, facts.names)
  throwAll([lines, unit, () => refuseAliases(facts, target)].flatMap(objectionOf))
  return []
}
