import { type ServiceKind, serviceFiles } from '../../model/config/service/service-kind.ts'
import { lastName } from '../../model/etc/path-parts.ts'
import { isThere } from '../etc/etc-files.ts'
import { leadsTo, runsSystemd } from '../etc/unit-files.ts'
import type { Tree } from '../tree.ts'

/** The directories that only a running init makes. That of OpenRC is there under sysvinit too. */
const running: readonly (readonly [ServiceKind, string])[] = [
  ['openrc', '/run/openrc'],
  ['runit', '/run/runit'],
]

/** The programs that /sbin/init leads to, by name, for an image in which nothing runs. */
const programs: Readonly<Record<string, ServiceKind>> = {
  systemd: 'systemd',
  'openrc-init': 'openrc',
  'runit-init': 'runit',
}

const inImage = (tree: Tree): ServiceKind | undefined => {
  const init = lastName(leadsTo(tree, '/sbin/init') ?? '')
  if (Object.hasOwn(programs, init)) return programs[init]
  if (isThere(tree, serviceFiles.openrc.directory)) return 'openrc'
  if (isThere(tree, serviceFiles.runit.directory)) return 'runit'
  if (isThere(tree, '/etc/inittab') && isThere(tree, '/etc/rcS.d')) return 'sysvinit'
  return isThere(tree, serviceFiles.systemd.directory) ? 'systemd' : undefined
}

/**
 * Finds the init of a machine: the one that runs, or the one that is installed in an image that
 * does not run. Returns undefined where none is known.
 */
export const findInit = (tree: Tree): ServiceKind | undefined => {
  if (runsSystemd(tree)) return 'systemd'
  return running.find(([, path]) => isThere(tree, path))?.[0] ?? inImage(tree)
}

/** Whether a kind of init is installed, which the directory of its services shows. */
export const hasInit = (tree: Tree, kind: ServiceKind): boolean =>
  isThere(tree, serviceFiles[kind].directory)

/** The paths of Debian's program that numbers the links of sysvinit. */
const linkers = ['/usr/sbin/update-rc.d', '/sbin/update-rc.d']

/** Whether there is a program that tells the init of a change. */
export const canTellInit = (tree: Tree, kind: ServiceKind): boolean => {
  if (kind === 'systemd') return runsSystemd(tree)
  return kind === 'sysvinit' && linkers.some((path) => isThere(tree, path))
}

/** Whether a link of a runlevel of sysvinit starts the service. */
export const sysvinitLinks = (names: readonly string[]): boolean =>
  names.some((name) => /^S\d\dhugepool$/.test(name))
