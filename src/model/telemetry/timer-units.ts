import { exitPartial } from '../../errors.ts'
import { unitWord } from '../config/service/apply-unit.ts'
import { directoryAbove } from '../etc/path-parts.ts'

/** The first line by which hugepool knows these units. */
export const timerMark = "# Written by hugepool; 'hugepool service metrics remove' removes it."

/** To read everything, and to write into a directory that belongs to the user of Prometheus. */
const readingRights = ['CAP_DAC_OVERRIDE', 'CAP_DAC_READ_SEARCH']

/** To look into processes, at the frames of their pages, into their namespaces, and at segments. */
const holdersRights = ['CAP_SYS_PTRACE', 'CAP_SYS_ADMIN', 'CAP_SYS_CHROOT', 'CAP_IPC_OWNER']

/**
 * What the program may do: read everything, and write into one directory. MemoryDenyWriteExecute would
 * kill Node. PrivateTmp and ProtectHome=yes would hide mounts.
 */
const hardening = (holders: boolean): readonly string[] => [
  `CapabilityBoundingSet=${[...readingRights, ...(holders ? holdersRights : [])].join(' ')}`,
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
  `RestrictNamespaces=${holders ? 'mnt ipc' : 'yes'}`,
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service @pkey',
  'SystemCallErrorNumber=EPERM',
  'IPAddressDeny=any',
  'KeyringMode=private',
  'UMask=0022',
]

/** What the timer has written. */
export interface WrittenMetrics {
  readonly textfile: string
  /** Whether who holds pages is in it. */
  readonly holders: boolean
}

/**
 * The unit that writes the file once. Its start is no event worth a line in the log; what it says of a fault is.
 * A look that lacks a part (exit status 64) is written with a metric that tells it, and is no failure of the unit.
 */
export const writingText = (
  program: readonly string[],
  { textfile, holders }: WrittenMetrics,
): string => {
  const words = ['metrics', '--cgroups', ...(holders ? ['--holders'] : []), '--output', textfile]
  return [
    timerMark,
    '[Unit]',
    'Description=Write metrics of huge pages for node_exporter',
    'Documentation=man:hugepool-metrics(8)',
    `ConditionPathIsDirectory=${unitWord(directoryAbove(textfile))}`,
    '',
    '[Service]',
    'Type=oneshot',
    `ExecStart=${[...program, ...words].map(unitWord).join(' ')}`,
    `ReadWritePaths=${unitWord(directoryAbove(textfile))}`,
    'TimeoutStartSec=1min',
    `SuccessExitStatus=${exitPartial}`,
    'LogLevelMax=notice',
    'SyslogLevel=warning',
    ...hardening(holders),
    '',
  ].join('\n')
}

/** The timer that starts it. */
export const timerText = [
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
