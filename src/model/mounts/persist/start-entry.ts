import { lastName } from '../../etc/path-parts.ts'
import { shellWord } from '../../etc/shell-word.ts'
import { present } from '../../words/present.ts'
import { fstabPath, linesAtStart } from './fstab.ts'
import type { PersistFacts, PersistKind } from './persist-facts.ts'
import { isOwnUnit, unitDirectory, unitName, unitPath } from './systemd-unit.ts'

/** What mounts a directory at the next start. */
export interface StartEntry {
  readonly kind: PersistKind
  readonly path: string
  /** The number of the line of fstab. */
  readonly line?: number
  /** Whether hugepool wrote it. */
  readonly own: boolean
}

/**
 * Returns the unit that systemd would start. The administrator's comes before those of packages.
 */
const unitEntries = (facts: PersistFacts, target: string): readonly StartEntry[] => {
  const { systemd, unit, packaged, idle = false } = facts
  const name = unitName(target)
  if (!systemd || idle || name === undefined) return []
  const own = unit.kind === 'file' && isOwnUnit(unit.text)
  const path = unit.kind === 'nothing' ? packaged : unitPath(name)
  return path === undefined ? [] : [{ kind: 'systemd', path, own }]
}

/**
 * Returns what mounts a directory at the next start. A masked unit keeps lines of fstab from it as
 * well, a line takes the place of a package's unit, and systemd mounts through no symbolic link.
 */
export const startEntries = (facts: PersistFacts, target: string): readonly StartEntry[] => {
  if (facts.masked !== undefined) return []
  const lines = linesAtStart(facts.fstab ?? '', target, facts.names).map(
    ({ number, own }): StartEntry => ({ kind: 'fstab', path: fstabPath, line: number, own }),
  )
  const units = unitEntries(facts, target)
  return [
    ...lines,
    ...units.filter(({ path }) => lines.length === 0 || path.startsWith(`${unitDirectory}/`)),
  ]
}

/** Says what mounts a directory again after it was unmounted. */
export const startEntryWords = (
  entries: readonly StartEntry[],
  target: string,
): readonly string[] =>
  entries.map(({ path, line }) => {
    const subject = line === undefined ? '' : `line ${line} `
    return `${path}: ${subject}mounts ${target} again at the next start`
  })

const hintFor = ({ own, kind, path }: StartEntry, target: string): string => {
  if (own) return `remove that too: hugepool umount ${shellWord(target)} --persist`
  if (kind === 'fstab') return 'remove the line by hand, or add noauto to its options'
  if (kind === 'config') return `remove its table from ${path}`
  const verb = path.startsWith(`${unitDirectory}/`) ? 'disable' : 'mask'
  return `keep it from that: systemctl ${verb} ${shellWord(lastName(path))}`
}

export const startEntryHints = (
  entries: readonly StartEntry[],
  target: string,
): readonly string[] => [...new Set(entries.map((entry) => hintFor(entry, target)))]

/** Returns the entries in the form of JSON documents; undefined where there are none. */
export const startEntryDocument = (entries: readonly StartEntry[]) =>
  entries.length === 0 ? undefined : entries.map((entry) => present({ ...entry }))
