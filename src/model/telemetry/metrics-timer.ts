import { refused } from '../../errors.ts'
import type { KnownUnits } from '../config/service/known-units.ts'
import { doesTheSame, isPackagedText, type PackagedUnit } from '../config/service/packaged-unit.ts'
import type { EtcEntry } from '../etc/etc-entry.ts'
import { fileLine } from '../etc/file-line.ts'
import type { FileStep } from '../etc/file-step.ts'
import { octets } from '../etc/octets.ts'
import { shellWord } from '../etc/shell-word.ts'
import { packagedDirectories, unitDirectory } from '../mounts/persist/systemd-unit.ts'
import { present } from '../words/present.ts'
import { timerMark, timerText, type WrittenMetrics, writingText } from './timer-units.ts'

/** Where Debian's node_exporter looks for files. */
export const usualTextfile = '/var/lib/prometheus/node-exporter/hugepool.prom'

export const timerUnit = 'hugepool-metrics.timer'
export const writingUnit = 'hugepool-metrics.service'

/** A pattern is no error where no unit is loaded: one that nobody runs is forgotten by systemd. */
const loadedUnits = 'hugepool-metrics.*'

/** The units, and the link that has the timer started with the machine. */
export const timerFiles = {
  service: `${unitDirectory}/${writingUnit}`,
  timer: `${unitDirectory}/${timerUnit}`,
  link: `${unitDirectory}/timers.target.wants/${timerUnit}`,
} as const

/** What systemd has to know of the units. */
export const timerKnown: KnownUnits = {
  wanted: timerUnit,
  by: 'timers.target',
  runs: true,
  others: [writingUnit],
}

/** What is found where the units are written. */
export interface TimerFacts {
  readonly service: EtcEntry
  readonly timer: EtcEntry
  readonly link: EtcEntry
  /** Those that a package has installed. */
  readonly packaged?: { readonly service?: PackagedUnit; readonly timer?: PackagedUnit }
  /** Whether systemd runs, and can be told. */
  readonly runs: boolean
  /** Set where systemd is known not to have been told of the files as they are now. */
  readonly untold?: boolean
}

/** Changes of files, and command lines that make systemd know of them. */
export interface TimerPlan {
  readonly steps: readonly FileStep[]
  readonly programs: readonly (readonly string[])[]
}

const foreign = (path: string) =>
  refused('not-ours', `${path} was not written by hugepool`, `remove it: rm ${shellWord(path)}`)

const isOwn = (text: string): boolean => text.split('\n', 1)[0] === timerMark

/** Where a link to the timer leads. systemd goes by its name alone. */
const timerNames = [
  timerFiles.timer,
  `../${timerUnit}`,
  ...packagedDirectories.map((directory) => `${directory}/${timerUnit}`),
]

const isOurLink = (entry: EtcEntry): boolean =>
  entry.kind === 'link' && timerNames.includes(entry.to)

/** The text of a unit that hugepool wrote; undefined where there is none. Throws E_REFUSED for others. */
const ownText = (path: string, entry: EtcEntry): string | undefined => {
  if (entry.kind === 'nothing') return undefined
  if (entry.kind === 'link' || !isOwn(entry.text)) throw foreign(path)
  return entry.text
}

const unitStep = (
  path: string,
  entry: EtcEntry,
  text: string,
  packaged: PackagedUnit | undefined,
): readonly FileStep[] => {
  const before = ownText(path, entry)
  if (before === undefined && doesTheSame(packaged, text)) return []
  const after = octets(text)
  const shell = [fileLine(path, after)]
  return before === after ? [] : [present({ do: 'replace' as const, path, before, after, shell })]
}

/**
 * Plans the units and the link; of the units only what the package of hugepool does not have. Throws
 * E_REFUSED for units of others.
 */
export const planTimer = (
  { service, timer, link, runs, untold, packaged = {} }: TimerFacts,
  program: readonly string[],
  written: WrittenMetrics,
): TimerPlan => {
  if (link.kind !== 'nothing' && !isOurLink(link)) throw foreign(timerFiles.link)
  const timerSteps = unitStep(timerFiles.timer, timer, timerText, packaged.timer)
  const isTimerWritten = timer.kind === 'file' || timerSteps.length > 0
  const to = isTimerWritten ? timerFiles.timer : (packaged.timer?.path ?? timerFiles.timer)
  const steps: readonly FileStep[] = [
    ...unitStep(timerFiles.service, service, writingText(program, written), packaged.service),
    ...timerSteps,
    ...(link.kind === 'nothing' ? [{ do: 'link', path: timerFiles.link, to } as const] : []),
  ]
  const programs = [
    ['systemctl', 'daemon-reload'],
    ['systemctl', 'start', timerUnit],
  ]
  return { steps, programs: runs && (untold || steps.length > 0) ? programs : [] }
}

const unitRemoval = (path: string, entry: EtcEntry): readonly FileStep[] => {
  const before = ownText(path, entry)
  return before === undefined ? [] : [{ do: 'remove', path, before }]
}

/**
 * Plans the removal of what hugepool wrote. A run that goes on would write the file once more, and one that
 * failed would stay in the list of failed units without its file. Throws E_REFUSED for units of others.
 */
export const planTimerRemoval = ({ service, timer, link, runs, untold }: TimerFacts): TimerPlan => {
  const units = [
    ...unitRemoval(timerFiles.timer, timer),
    ...unitRemoval(timerFiles.service, service),
  ]
  const steps: readonly FileStep[] = [
    ...(link.kind === 'link' && isOurLink(link)
      ? [{ do: 'unlink', path: timerFiles.link, to: link.to } as const]
      : []),
    ...units,
  ]
  const programs = [
    ['systemctl', 'stop', loadedUnits],
    ['systemctl', 'reset-failed', loadedUnits],
    ['systemctl', 'daemon-reload'],
  ]
  return { steps, programs: runs && (untold || steps.length > 0) ? programs : [] }
}

/** The units that are in force before steps of an installation are carried out, or after them. */
export const timerPaths = (
  { service, timer, packaged = {} }: TimerFacts,
  steps: readonly FileStep[],
): readonly [service: string, timer: string] => {
  const inForce = (path: string, entry: EtcEntry, unit: PackagedUnit | undefined): string =>
    entry.kind !== 'nothing' || steps.some((step) => step.path === path)
      ? path
      : (unit?.path ?? path)
  return [
    inForce(timerFiles.service, service, packaged.service),
    inForce(timerFiles.timer, timer, packaged.timer),
  ]
}

/** The file that the unit of hugepool writes; undefined where there is no such unit. */
export const textfileIn = ({ service, packaged }: TimerFacts): string | undefined => {
  const text = service.kind === 'file' ? service.text : (packaged?.service?.text ?? '')
  if (!isOwn(text) && !isPackagedText(text)) return undefined
  const [, quoted, plain] = / --output (?:"(.*)"|(\S+))$/m.exec(text) ?? []
  return (quoted ?? plain)?.replaceAll('%%', '%')
}
