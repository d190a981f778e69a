import { canTellInit, sysvinitLinks } from '../../kernel/config/init-system.ts'
import { etcEntryAt, isThere } from '../../kernel/etc/etc-files.ts'
import { isUnitWanted, masksUnit } from '../../kernel/etc/unit-files.ts'
import { listIfPresent } from '../../kernel/read-attribute.ts'
import type { Tree } from '../../kernel/tree.ts'
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

/** Looks at the files of a service of one kind. */
export const serviceFactsAt = (tree: Tree, kind: ServiceKind): ServiceFacts => {
  const { path, link } = serviceFiles[kind]
  const packaged =
    kind === 'systemd'
      ? packagedDirectories
          .map((directory) => `${directory}/${serviceUnit}`)
          .find((unit) => isThere(tree, unit, true))
      : undefined
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

const installedOf = (tree: Tree, facts: ServiceFacts): Installed => {
  const { kind, file, packaged } = facts
  if (kind === 'systemd' && masksUnit(tree, serviceFiles.systemd.path)) return 'masked'
  if (file.kind === 'nothing') return packaged === undefined ? 'absent' : 'foreign'
  if (file.kind === 'link' || !isOwnService(file.text)) return 'foreign'
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
  const text = facts.file.kind === 'file' ? textOf(asOctets(facts.file.text)) : undefined
  const isOwn = installed === 'enabled' || installed === 'disabled'
  const program = isOwn && text !== undefined ? programIn(kind, text) : undefined
  return present({
    kind,
    path: installed === 'foreign' && facts.packaged ? facts.packaged : serviceFiles[kind].path,
    installed,
    form: isOwn && text !== undefined ? formOf(kind, text) : undefined,
    program,
    missing: (program ?? []).filter((path) => !isThere(tree, path)),
    last: await lastRun(ports, facts),
  })
}
