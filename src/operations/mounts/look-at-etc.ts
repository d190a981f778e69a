import { etcEntryAt, isThere, readEtc } from '../../kernel/etc/etc-files.ts'
import {
  isUnitWanted,
  leadsTo,
  masksUnit,
  mountUnitsIn,
  runsSystemd,
} from '../../kernel/etc/unit-files.ts'
import type { Tree } from '../../kernel/tree.ts'
import { asOctets, isText, textOf } from '../../model/etc/octets.ts'
import { fstabPath, mountPointsOf } from '../../model/mounts/persist/fstab.ts'
import type { PersistFacts, UnitAlias } from '../../model/mounts/persist/persist-facts.ts'
import {
  directoryOfUnit,
  packagedDirectories,
  unitDirectories,
  unitDirectory,
  unitName,
  unitPath,
  wantsPath,
} from '../../model/mounts/persist/systemd-unit.ts'
import { present } from '../../model/words/present.ts'

const noEntry = { kind: 'nothing' } as const

/** Finds the files of a unit in these directories. A link counts as a file, wherever it leads. */
const filesOfUnit = (tree: Tree, name: string): readonly string[] =>
  unitDirectories
    .map((directory) => `${directory}/${name}`)
    .filter((path) => isThere(tree, path, true))

/** Finds what others have installed for a directory, and whether it has an effect. */
const unitFacts = (tree: Tree, name: string | undefined) => {
  const files = name === undefined ? [] : filesOfUnit(tree, name)
  const [first] = files
  if (name === undefined || first === undefined) return {}
  const packaged = files.find(
    (path) =>
      packagedDirectories.some((directory) => path.startsWith(`${directory}/`)) &&
      !masksUnit(tree, path),
  )
  const masked = masksUnit(tree, first) ? first : undefined
  const idle = !isUnitWanted(tree, unitDirectories, name)
  return present({ packaged, masked, idle: idle ? true : undefined })
}

/** Finds units whose names lead to a directory through symbolic links. Masked ones do nothing. */
const aliasesOf = (tree: Tree, target: string): readonly UnitAlias[] => {
  const files = new Map<string, string>()
  for (const directory of unitDirectories)
    for (const name of mountUnitsIn(tree, directory))
      if (!files.has(name)) files.set(name, `${directory}/${name}`)
  return [...files].flatMap(([name, path]) => {
    const where = directoryOfUnit(name)
    if (where === undefined || where === target || leadsTo(tree, where) !== target) return []
    if (masksUnit(tree, path)) return []
    const unit = etcEntryAt(tree, path)
    return [{ path, where, unit, wants: etcEntryAt(tree, wantsPath(name)) }]
  })
}

/** Finds the mount points in fstab that lead to a directory through symbolic links. */
const linkedNames = (tree: Tree, fstab: string, target: string): readonly string[] =>
  mountPointsOf(fstab).filter((path) => {
    const name = asOctets(path)
    if (!isText(name)) return false
    const where = textOf(name)
    return where !== target && leadsTo(tree, where) === target
  })

/** Reads all that mounts a directory at the next start, under whatever name. */
export const persistFactsAt = (tree: Tree, target: string): PersistFacts => {
  const fstab = readEtc(tree, fstabPath)
  const name = unitName(target)
  const systemd = isThere(tree, unitDirectory)
  const at = (pathOf: (unit: string) => string) =>
    name === undefined || !systemd ? noEntry : etcEntryAt(tree, pathOf(name))
  const names = fstab === undefined ? [] : linkedNames(tree, fstab, target)
  const aliases = aliasesOf(tree, target)
  return present({
    fstab,
    unit: at(unitPath),
    wants: at(wantsPath),
    ...unitFacts(tree, name),
    names: names.length === 0 ? undefined : names,
    aliases: aliases.length === 0 ? undefined : aliases,
    systemd,
    systemdRuns: runsSystemd(tree),
  })
}
