import { refused, unsupported } from '../../../errors.ts'
import type { EtcEntry } from '../../etc/etc-entry.ts'
import { fileLine } from '../../etc/file-line.ts'
import type { FileStep } from '../../etc/file-step.ts'
import { octets } from '../../etc/octets.ts'
import { present } from '../../words/present.ts'
import type { DesiredMount } from '../desired-mount.ts'
import type { PersistFacts, PersistPlan } from './persist-facts.ts'
import {
  isOwnUnit,
  unitDirectory,
  unitName,
  unitPath,
  unitText,
  wantsPath,
} from './systemd-unit.ts'
import { foreignUnitHint } from './unit-refusals.ts'

/** Throws E_REFUSED for a unit that hugepool did not write. */
export const refuseForeignUnit = (
  { unit, idle = false }: Pick<PersistFacts, 'unit' | 'idle'>,
  path: string,
): void => {
  const hint = `remove it, or ${foreignUnitHint({ idle }, path)}`
  if (unit.kind === 'link')
    throw refused('not-ours', `${path} is a symbolic link to ${unit.to}`, hint)
  if (unit.kind === 'file' && !isOwnUnit(unit.text))
    throw refused('not-ours', `${path} was not written by hugepool`, hint)
}

/**
 * Whether a link is one that `systemctl enable` makes, in this version of systemd or in another.
 */
const enables = (wants: EtcEntry, name: string): boolean =>
  wants.kind === 'link' && [unitPath(name), `../${name}`].includes(wants.to)

const unitSteps = (facts: PersistFacts, name: string, text: string): readonly FileStep[] => {
  const path = unitPath(name)
  const after = octets(text)
  const before = facts.unit.kind === 'file' ? facts.unit.text : undefined
  const write: FileStep = present({
    do: 'replace',
    path,
    before,
    after,
    shell: [fileLine(path, after)],
  })
  const link: FileStep = { do: 'link', path: wantsPath(name), to: path }
  return [...(before === after ? [] : [write]), ...(enables(facts.wants, name) ? [] : [link])]
}

/**
 * Plans the unit for a mount and its link. Throws E_REFUSED where a unit of others exists, and
 * E_UNSUPPORTED without systemd.
 */
export const planUnit = (facts: PersistFacts, desired: DesiredMount): PersistPlan => {
  const text = unitText(desired)
  const name = unitName(desired.target) ?? ''
  const path = unitPath(name)
  if (!facts.systemdRuns)
    throw unsupported(
      'no-systemd',
      'systemd does not run here: /run/systemd/system is missing',
      'take --persist fstab',
    )
  refuseForeignUnit(facts, path)
  if (facts.wants.kind !== 'nothing' && !enables(facts.wants, name))
    throw refused('not-ours', `${wantsPath(name)} was not written by hugepool`, 'remove it')
  return { kind: 'systemd', path, steps: unitSteps(facts, name, text) }
}

interface OwnUnit extends Pick<PersistFacts, 'unit' | 'wants' | 'packaged'> {
  readonly path: string
}

/**
 * Plans the removal of a unit and its link. The link goes first: where hugepool is killed between
 * the two, the unit that stays is still known as its own. A link as hugepool makes it, whose unit is nowhere,
 * starts nothing and goes as well; systemd goes by its name, so that it may start a unit that a package has
 * installed.
 */
const removal = ({ path, unit, wants, packaged }: OwnUnit): readonly PersistPlan[] => {
  const name = path.slice(`${unitDirectory}/`.length)
  const link = wantsPath(name)
  if (unit.kind === 'nothing')
    return packaged === undefined && wants.kind === 'link' && wants.to === path
      ? [{ kind: 'systemd', path: link, steps: [{ do: 'unlink', path: link, to: path }] }]
      : []
  if (unit.kind !== 'file' || !isOwnUnit(unit.text)) return []
  const unlinks: readonly FileStep[] =
    wants.kind === 'link' && enables(wants, name)
      ? [{ do: 'unlink', path: link, to: wants.to }]
      : []
  return [{ kind: 'systemd', path, steps: [...unlinks, { do: 'remove', path, before: unit.text }] }]
}

/**
 * Plans the removal of hugepool's unit for a directory, and of those for other names of the
 * directory, which it had before a symbolic link came into its path.
 */
export const planUnitRemoval = (facts: PersistFacts, target: string): readonly PersistPlan[] => {
  const name = unitName(target)
  const { aliases = [] } = facts
  const units = [
    ...(name === undefined ? [] : [{ ...facts, path: unitPath(name) }]),
    ...aliases.filter(({ path }) => path.startsWith(`${unitDirectory}/`)),
  ]
  return units.flatMap(removal)
}
