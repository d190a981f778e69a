import { refused } from '../../../errors.ts'
import type { EtcEntry } from '../../etc/etc-entry.ts'
import { fileLine } from '../../etc/file-line.ts'
import type { FileStep } from '../../etc/file-step.ts'
import { type Octets, octets } from '../../etc/octets.ts'
import { lastName } from '../../etc/path-parts.ts'
import { shellWord } from '../../etc/shell-word.ts'
import { packagedDirectories } from '../../mounts/persist/systemd-unit.ts'
import { present } from '../../words/present.ts'
import { doesTheSame, isPackagedText, type PackagedUnit } from './packaged-unit.ts'
import { isOwnService, type ServiceKind, serviceFiles } from './service-kind.ts'

/** What is found where a service is written. */
export interface ServiceFacts {
  readonly kind: ServiceKind
  /** The file of the service, and the link that enables it where this kind has one. */
  readonly file: EtcEntry
  readonly link: EtcEntry
  /** A unit of the same name that a package has installed. */
  readonly packaged?: PackagedUnit
  /** Whether systemd runs, or sysvinit has a program that makes its links. */
  readonly runs: boolean
  /** Set where the init is known not to have been told of the files as they are now. */
  readonly untold?: boolean
}

/** Changes of files, and command lines that make the init system know of them. */
export interface ServicePlan {
  readonly steps: readonly FileStep[]
  readonly programs: readonly (readonly string[])[]
}

/**
 * Returns what the link of a service may lead to. systemd goes by the name of a link, also where one
 * unit overrides another.
 */
const names = (kind: ServiceKind): readonly string[] => {
  const { path } = serviceFiles[kind]
  if (kind !== 'systemd') return [path]
  const directories = packagedDirectories.map((directory) => `${directory}/${lastName(path)}`)
  return [path, `../${lastName(path)}`, ...directories]
}

/**
 * Tells whether the link of a service enables it, in the form of hugepool or of `systemctl enable`.
 */
export const isLinked = ({ kind, link }: Pick<ServiceFacts, 'kind' | 'link'>): boolean =>
  link.kind === 'link' && names(kind).includes(link.to)

const removeIt = (path: string): string => `remove it: rm ${shellWord(path)}`

const refuseLinks = ({ kind, file, link }: ServiceFacts): void => {
  const { path, link: at = '' } = serviceFiles[kind]
  if (file.kind === 'link')
    throw refused(
      file.to === '/dev/null' ? 'masked' : 'not-ours',
      `${path} is a symbolic link to ${file.to}`,
      file.to === '/dev/null' ? 'systemctl unmask hugepool' : removeIt(path),
    )
  if (link.kind !== 'nothing' && !isLinked({ kind, link }))
    throw refused('not-ours', `${at} was not written by hugepool`, removeIt(at))
}

/**
 * Throws E_REFUSED for a service of others: a file, unless `overwrites` is set, and any symbolic link.
 */
export const refuseForeignService = (facts: ServiceFacts, overwrites: boolean): void => {
  const { kind, file, packaged } = facts
  const { path } = serviceFiles[kind]
  refuseLinks(facts)
  if (overwrites) return
  if (file.kind === 'file' && !isOwnService(file.text))
    throw refused(
      'not-ours',
      `${path} was not written by hugepool`,
      '--force replaces it; the changes of an administrator belong into hugepool.service.d',
    )
  if (file.kind === 'nothing' && packaged !== undefined)
    throw refused(
      'not-ours',
      `${packaged.path} is there already, from a package`,
      "'systemctl enable hugepool' starts it; --force overrides it",
    )
}

const writeShell = (path: string, text: Octets, mode?: number): readonly string[] => [
  fileLine(path, text),
  ...(mode === undefined ? [] : [`chmod ${mode.toString(8)} ${shellWord(path)}`]),
]

const reload = ['systemctl', 'daemon-reload']

/**
 * Takes the unit out of the list of failed units, where it would stay without its file. The words
 * have a pattern because it is no error where no such unit is loaded.
 */
const forget = ['systemctl', 'reset-failed', 'hugepool.service*']

const programsAfter = (
  { kind, runs, untold }: ServiceFacts,
  steps: readonly FileStep[],
  verb: 'defaults' | 'remove',
): readonly (readonly string[])[] => {
  if (!runs || (steps.length === 0 && !untold)) return []
  if (kind === 'systemd') return verb === 'remove' ? [forget, reload] : [reload]
  return kind === 'sysvinit' ? [['update-rc.d', 'hugepool', verb]] : []
}

/** Returns the unit of hugepool's own package where no other one is needed. */
const packagedFor = ({ file, packaged }: ServiceFacts, text: string): PackagedUnit | undefined =>
  file.kind === 'nothing' && doesTheSame(packaged, text) ? packaged : undefined

/**
 * Plans the file of a service and its link, or the link alone where the package of hugepool has that
 * service. Throws as `refuseForeignService` does.
 */
export const planService = (
  facts: ServiceFacts,
  text: string,
  overwrites: boolean,
): ServicePlan => {
  const packaged = packagedFor(facts, text)
  if (packaged === undefined) refuseForeignService(facts, overwrites)
  else refuseLinks(facts)
  const { kind, file } = facts
  const { path, mode, link } = serviceFiles[kind]
  const after = octets(text)
  const before = file.kind === 'file' ? file.text : undefined
  const shell = writeShell(path, after, mode)
  const write: FileStep = present({ do: 'replace', path, before, after, mode, shell })
  const steps: readonly FileStep[] = [
    ...(before === after || packaged !== undefined ? [] : [write]),
    ...(link === undefined || isLinked(facts)
      ? []
      : [{ do: 'link', path: link, to: packaged?.path ?? path } as const]),
  ]
  return { steps, programs: programsAfter(facts, steps, 'defaults') }
}

/**
 * Plans the removal of what hugepool wrote. The link goes first: a process killed in between leaves
 * a file that is still known as hugepool's. A link as hugepool makes it, whose unit is nowhere, enables nothing and
 * goes as well. The unit of its package stays. Throws E_REFUSED for a service of others.
 */
export const planServiceRemoval = (facts: ServiceFacts): ServicePlan => {
  const { kind, file, link, packaged } = facts
  const { path, link: at } = serviceFiles[kind]
  if (file.kind === 'link' || (file.kind === 'file' && !isOwnService(file.text)))
    throw refused('not-ours', `${path} was not written by hugepool`, removeIt(path))
  const isThere = file.kind === 'file' || (packaged !== undefined && isPackagedText(packaged.text))
  const isLeft = packaged === undefined && link.kind === 'link' && link.to === path
  const unlink: readonly FileStep[] =
    at !== undefined && link.kind === 'link' && isLinked(facts) && (isThere || isLeft)
      ? [{ do: 'unlink', path: at, to: link.to }]
      : []
  const remove: readonly FileStep[] =
    file.kind === 'file' ? [{ do: 'remove', path, before: file.text }] : []
  const steps = [...unlink, ...remove]
  return { steps, programs: programsAfter(facts, steps, 'remove') }
}
