import { canTellInit, sysvinitLinks } from '../../kernel/config/init-system.ts'
import { etcEntryAt, isThere } from '../../kernel/etc/etc-files.ts'
import { isUnitWanted, masksUnit } from '../../kernel/etc/unit-files.ts'
import { listIfPresent } from '../../kernel/read-attribute.ts'
import type { Tree } from '../../kernel/tree.ts'
import { isPackagedText, type PackagedUnit } from '../../model/config/service/packaged-unit.ts'
import {
  isOwnService,
  type ServiceKind,
  serviceFiles,
  serviceUnit,
} from '../../model/config/service/service-kind.ts'
import { isLinked, type ServiceFacts } from '../../model/config/service/service-plan.ts'
import {
  type Installed,
  type LastRun,
  lastProperties,
  lastRunOf,
  type ServiceState,
} from '../../model/config/service/service-state.ts'
import { formOf, programIn } from '../../model/config/service/service-text.ts'
import { asOctets, textOf } from '../../model/etc/octets.ts'
import { packagedDirectories, unitDirectories } from '../../model/mounts/persist/systemd-unit.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'

/** Finds the unit of a name that a package has installed; returns undefined where none has. */
export const packagedUnit = (tree: Tree, name: string): PackagedUnit | undefined => {
  const path = packagedDirectories
    .map((directory) => `${directory}/${name}`)
    .find((unit) => isThere(tree, unit, true))
  if (path === undefined) return undefined
  const entry = etcEntryAt(tree, path)
  return { path, text: entry.kind === 'file' ? entry.text : '' }
}

/** Looks at the places where a service of one kind is written. */
export const serviceFactsAt = (tree: Tree, kind: ServiceKind): ServiceFacts => {
  const { path, link } = serviceFiles[kind]
  const packaged = kind === 'systemd' ? packagedUnit(tree, serviceUnit) : undefined
  return present({
    kind,
    file: etcEntryAt(tree, path),
    link: link === undefined ? ({ kind: 'nothing' } as const) : etcEntryAt(tree, link),
    packaged,
    runs: canTellInit(tree, kind),
  })
}

/** Whether something starts the service. A link that any target of systemd has to it counts too. */
const isEnabled = (tree: Tree, facts: ServiceFacts): boolean => {
  const { kind } = facts
  if (kind === 'runit') return true
  if (kind === 'sysvinit') return sysvinitLinks(listIfPresent(tree, '/etc/rcS.d'))
  return isLinked(facts) || (kind === 'systemd' && isUnitWanted(tree, unitDirectories, serviceUnit))
}

/**
 * Returns the text of the service that is in force, or undefined where neither hugepool nor its
 * package wrote it.
 */
const ownTextOf = ({ file, packaged }: ServiceFacts): string | undefined => {
  if (file.kind === 'link') return undefined
  if (file.kind === 'file') return isOwnService(file.text) ? file.text : undefined
  return packaged !== undefined && isPackagedText(packaged.text) ? packaged.text : undefined
}

const installedOf = (tree: Tree, facts: ServiceFacts): Installed => {
  const { kind, file, packaged } = facts
  if (kind === 'systemd' && masksUnit(tree, serviceFiles.systemd.path)) return 'masked'
  if (file.kind === 'nothing' && packaged === undefined) return 'absent'
  if (ownTextOf(facts) === undefined) return 'foreign'
  return isEnabled(tree, facts) ? 'enabled' : 'disabled'
}

/** Asks systemd how the service ended. Undefined where it cannot tell. */
const lastRun = async (
  { run }: Ports,
  { kind, runs }: ServiceFacts,
): Promise<LastRun | undefined> => {
  if (kind !== 'systemd' || !runs || run === undefined) return undefined
  const properties = lastProperties.map((name) => `--property=${name}`)
  const { status, stdout } = await run(['systemctl', 'show', ...properties, serviceUnit])
  return status === 0 ? lastRunOf(stdout) : undefined
}

/** Looks at the service of one kind: its file, what starts it, what it runs, how it ended. */
export const lookAtService = async (ports: Ports, kind: ServiceKind): Promise<ServiceState> => {
  const { tree } = ports
  const facts = serviceFactsAt(tree, kind)
  const installed = installedOf(tree, facts)
  const own = ownTextOf(facts)
  const text = own === undefined ? undefined : textOf(asOctets(own))
  const isOwn = installed === 'enabled' || installed === 'disabled'
  const usesPackaged = installed !== 'masked' && facts.file.kind === 'nothing'
  const program = isOwn && text !== undefined ? programIn(kind, text) : undefined
  return present({
    kind,
    path: (usesPackaged ? facts.packaged?.path : undefined) ?? serviceFiles[kind].path,
    installed,
    form: isOwn && text !== undefined ? formOf(kind, text) : undefined,
    program,
    missing: (program ?? []).filter((path) => !isThere(tree, path)),
    last: await lastRun(ports, facts),
  })
}
