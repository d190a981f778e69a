import { exitPartial, refused } from '../../errors.ts'
import { unitWord } from '../config/service/apply-unit.ts'
import type { EtcEntry } from '../etc/etc-entry.ts'
import { fileLine } from '../etc/file-line.ts'
import type { FileStep } from '../etc/file-step.ts'
import { octets } from '../etc/octets.ts'
import { directoryAbove } from '../etc/path-parts.ts'
import { shellWord } from '../etc/shell-word.ts'
import { unitDirectory } from '../mounts/persist/systemd-unit.ts'
import { present } from '../words/present.ts'

/** Where Debian's node_exporter looks for files. */
export const usualTextfile = '/var/lib/prometheus/node-exporter/hugepool.prom'

const timerUnit = 'hugepool-metrics.timer'

/** A pattern is no error where no unit is loaded: one that nobody runs is forgotten by systemd. */
const loadedUnits = 'hugepool-metrics.*'

/** The units, and the link that has the timer started with the machine. */
export const timerPlaces = {
  service: `${unitDirectory}/hugepool-metrics.service`,
  timer: `${unitDirectory}/${timerUnit}`,
  link: `${unitDirectory}/timers.target.wants/${timerUnit}`,
} as const

/** The first line by which hugepool knows these units. */
const timerMark = "# Written by hugepool; 'hugepool service metrics remove' removes it."

/**
 * What the program may do: read everything, and write into one directory, which belongs to the user of
 * Prometheus. MemoryDenyWriteExecute would kill Node. PrivateTmp and ProtectHome=yes would hide mounts.
 */
const hardening = [
  'CapabilityBoundingSet=CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH',
  'NoNewPrivileges=yes',
  'ProtectSystem=strict',
  'ProtectHome=read-only',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelLogs=yes',
  'ProtectControlGroups=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'LockPersonality=yes',
  'PrivateNetwork=yes',
  'RestrictAddressFamilies=AF_UNIX',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service @pkey',
  'SystemCallErrorNumber=EPERM',
  'IPAddressDeny=any',
  'KeyringMode=private',
  'UMask=0022',
]

/**
 * The unit that writes the file once. Its start is no event worth a line in the log; what it says of a fault is.
 * A look that lacks a part (exit status 64) is written with a metric that tells it, and is no failure of the unit.
 */
const writingText = (program: readonly string[], textfile: string): string =>
  [
    timerMark,
    '[Unit]',
    'Description=Write metrics of huge pages for node_exporter',
    'Documentation=man:hugepool-metrics(8)',
    `ConditionPathIsDirectory=${unitWord(directoryAbove(textfile))}`,
    '',
    '[Service]',
    'Type=oneshot',
    `ExecStart=${[...program, 'metrics', '--cgroups', '--output', textfile].map(unitWord).join(' ')}`,
    `ReadWritePaths=${unitWord(directoryAbove(textfile))}`,
    'TimeoutStartSec=1min',
    `SuccessExitStatus=${exitPartial}`,
    'LogLevelMax=notice',
    'SyslogLevel=warning',
    ...hardening,
    '',
  ].join('\n')

const timerText = [
  timerMark,
  '[Unit]',
  'Description=Write metrics of huge pages every 15 seconds',
  'Documentation=man:hugepool-metrics(8)',
  '',
  '[Timer]',
  'OnCalendar=*:*:0/15',
  'AccuracySec=1s',
  '',
  '[Install]',
  'WantedBy=timers.target',
  '',
].join('\n')

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
  entry.kind === 'link' && [timerPlaces.timer, `../${timerUnit}`].includes(entry.to)

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
  textfile: string,
): TimerPlan => {
  if (link.kind !== 'nothing' && !isOurLink(link)) throw foreign(timerPlaces.link)
  const steps: readonly FileStep[] = [
    ...unitStep(timerPlaces.service, service, writingText(program, textfile)),
    ...unitStep(timerPlaces.timer, timer, timerText),
    ...(link.kind === 'nothing'
      ? [{ do: 'link', path: timerPlaces.link, to: timerPlaces.timer } as const]
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
    ...unitRemoval(timerPlaces.timer, timer),
    ...unitRemoval(timerPlaces.service, service),
  ]
  const steps: readonly FileStep[] = [
    ...(link.kind === 'link' && isOurLink(link)
      ? [{ do: 'unlink', path: timerPlaces.link, to: link.to } as const]
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
