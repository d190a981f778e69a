import { refused } from '../../errors.ts'
import type { EtcEntry } from '../etc/etc-entry.ts'
import { fileLine } from '../etc/file-line.ts'
import type { FileStep } from '../etc/file-step.ts'
import { octets } from '../etc/octets.ts'
import { shellWord } from '../etc/shell-word.ts'
import { unitDirectory } from '../mounts/persist/systemd-unit.ts'
import { present } from '../words/present.ts'
import { timerMark, timerText, type WrittenMetrics, writingText } from './timer-units.ts'

/** Where Debian's node_exporter looks for files. */
export const usualTextfile = '/var/lib/prometheus/node-exporter/hugepool.prom'

const timerUnit = 'hugepool-metrics.timer'

/** A pattern is no error where no unit is loaded: one that nobody runs is forgotten by systemd. */
const loadedUnits = 'hugepool-metrics.*'

/** The units, and the link that has the timer started with the machine. */
export const timerPaths = {
  service: `${unitDirectory}/hugepool-metrics.service`,
  timer: `${unitDirectory}/${timerUnit}`,
  link: `${unitDirectory}/timers.target.wants/${timerUnit}`,
} as const

/** What is found where the units are written. */
export interface TimerFacts {
  readonly service: EtcEntry
  readonly timer: EtcEntry
  readonly link: EtcEntry
  /** Whether systemd runs, and can be told. */
  readonly runs: boolean
}

/** Changes of files, and command lines that make systemd know of them. */
export interface TimerPlan {
  readonly steps: readonly FileStep[]
  readonly programs: readonly (readonly string[])[]
}

const foreign = (path: string) =>
  refused('not-ours', `${path} was not written by hugepool`, `remove it: rm ${shellWord(path)}`)

const isOwn = (text: string): boolean => text.split('\n', 1)[0] === timerMark

const isOurLink = (entry: EtcEntry): boolean =>
  entry.kind === 'link' && [timerPaths.timer, `../${timerUnit}`].includes(entry.to)

/** The text of a unit that hugepool wrote; undefined where there is none. Throws E_REFUSED for others. */
const ownText = (path: string, entry: EtcEntry): string | undefined => {
  if (entry.kind === 'nothing') return undefined
  if (entry.kind === 'link' || !isOwn(entry.text)) throw foreign(path)
  return entry.text
}

const unitStep = (path: string, entry: EtcEntry, text: string): readonly FileStep[] => {
  const before = ownText(path, entry)
  const after = octets(text)
  const shell = [fileLine(path, after)]
  return before === after ? [] : [present({ do: 'replace' as const, path, before, after, shell })]
}

/** Plans the units and the link. Throws E_REFUSED for units of others. */
export const planTimer = (
  { service, timer, link, runs }: TimerFacts,
  program: readonly string[],
  written: WrittenMetrics,
): TimerPlan => {
  if (link.kind !== 'nothing' && !isOurLink(link)) throw foreign(timerPaths.link)
  const steps: readonly FileStep[] = [
    ...unitStep(timerPaths.service, service, writingText(program, written)),
    ...unitStep(timerPaths.timer, timer, timerText),
    ...(link.kind === 'nothing'
      ? [{ do: 'link', path: timerPaths.link, to: timerPaths.timer } as const]
      : []),
  ]
  const programs = [
    ['systemctl', 'daemon-reload'],
    ['systemctl', 'start', timerUnit],
  ]
  return { steps, programs: runs && steps.length > 0 ? programs : [] }
}

const unitRemoval = (path: string, entry: EtcEntry): readonly FileStep[] => {
  const before = ownText(path, entry)
  return before === undefined ? [] : [{ do: 'remove', path, before }]
}

/**
 * Plans the removal of what hugepool wrote. A run that goes on would write the file once more, and one that
 * failed would stay in the list of failed units without its file. Throws E_REFUSED for units of others.
 */
export const planTimerRemoval = ({ service, timer, link, runs }: TimerFacts): TimerPlan => {
  const units = [
    ...unitRemoval(timerPaths.timer, timer),
    ...unitRemoval(timerPaths.service, service),
  ]
  const steps: readonly FileStep[] = [
    ...(link.kind === 'link' && isOurLink(link)
      ? [{ do: 'unlink', path: timerPaths.link, to: link.to } as const]
      : []),
    ...units,
  ]
  const programs = [
    ['systemctl', 'stop', loadedUnits],
    ['systemctl', 'reset-failed', loadedUnits],
    ['systemctl', 'daemon-reload'],
  ]
  return { steps, programs: runs && steps.length > 0 ? programs : [] }
}

/** The file that the unit of hugepool writes; undefined where there is no such unit. */
export const textfileIn = ({ service }: TimerFacts): string | undefined => {
  if (service.kind !== 'file' || !isOwn(service.text)) return undefined
  const [, quoted, plain] = / --output (?:"(.*)"|(\S+))$/m.exec(service.text) ?? []
  return (quoted ?? plain)?.replaceAll('%%', '%')
}
