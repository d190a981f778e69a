import { objectionOf, refused, throwAll } from '../../../errors.ts'
import { lastName } from '../../etc/path-parts.ts'
import { quotedCommand, shellWord } from '../../etc/shell-word.ts'
import type { PersistFacts, UnitAlias } from './persist-facts.ts'
import { isOwnUnit, overridingDirectories, unitDirectory } from './systemd-unit.ts'

/**
 * Says how to undo a mask. systemctl(1) removes masks of the administrator and, with --runtime,
 * those in /run. It removes none that a package has installed.
 */
const unmaskHint = (masked: string, packaged: string | undefined): string => {
  if (overridingDirectories.some((directory) => masked.startsWith(`${directory}/`)))
    return `${quotedCommand(`rm ${shellWord(masked)}`)}, then 'systemctl daemon-reload', removes it`
  const option = masked.startsWith('/run/') ? '--runtime ' : ''
  const command = quotedCommand(`systemctl ${option}unmask ${shellWord(lastName(masked))}`)
  if (!option && !masked.startsWith(`${unitDirectory}/`))
    return 'a package has installed it: take another directory'
  return packaged === undefined
    ? `${command} removes it`
    : `${command} leaves the mount to ${packaged}; or take another directory`
}

/**
 * Throws E_REFUSED where the unit for the directory is masked. systemd then mounts neither what a
 * unit nor what a line of fstab asks for.
 */
export const refuseMasked = ({ masked, packaged }: PersistFacts, target: string): void => {
  if (masked === undefined) return
  throw refused(
    'masked',
    `${masked} masks the unit: systemd does not mount ${target}`,
    unmaskHint(masked, packaged),
  )
}

/** Returns the hint about a unit of others. Nothing starts one that is not enabled. */
export const foreignUnitHint = ({ idle }: Pick<PersistFacts, 'idle'>, path: string): string =>
  idle
    ? `nothing starts it: ${quotedCommand(`systemctl enable ${shellWord(lastName(path))}`)} leaves the mount to it`
    : 'leave the mount to it'

const refuseAlias = ({ path, where, unit }: UnitAlias, target: string): void => {
  if (unit.kind === 'file' && isOwnUnit(unit.text))
    throw refused(
      'otherwise',
      `${path} is there for ${where}, which leads to ${target}`,
      `remove it: hugepool umount ${shellWord(target)} --persist`,
    )
  throw refused(
    'not-ours',
    `${path} is there for ${where}, which leads to ${target}, and was not written by hugepool`,
    'remove it: systemd does not mount through symbolic links',
  )
}

/** Throws E_REFUSED for the units that name the directory by a path with symbolic links in it. */
export const refuseAliases = ({ aliases = [] }: PersistFacts, target: string): void =>
  throwAll(aliases.flatMap((alias) => objectionOf(() => refuseAlias(alias, target))))
