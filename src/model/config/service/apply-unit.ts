import { directoryAbove } from '../../etc/path-parts.ts'
import { applyWords, serviceMark } from './service-kind.ts'
import type { ServiceProgram } from './service-program.ts'

/** Writes a path as a word of a unit, where percent signs begin specifiers (systemd.unit(5)). */
export const unitWord = (word: string): string => {
  const literal = word.replaceAll('%', '%%')
  return /[\s']/.test(literal) ? `"${literal}"` : literal
}

/**
 * An early program runs after the modules and the sysctls, so that it has the last word about them,
 * and before anything is mounted, because a mount with a minimum size needs its pages.
 */
const earlyOrder = [
  'Wants=local-fs-pre.target',
  'After=systemd-modules-load.service systemd-sysctl.service',
  'Before=dev-hugepages.mount local-fs-pre.target sysinit.target shutdown.target',
]

/**
 * Orders a program that lies on a file system of its own. The directory of a file stands for all
 * files of the program below it.
 */
const laterOrder = ({ words }: ServiceProgram): readonly string[] => [
  `RequiresMountsFor=${words.map(directoryAbove).map(unitWord).join(' ')}`,
  'After=systemd-modules-load.service systemd-sysctl.service local-fs.target',
  'Before=systemd-tmpfiles-setup.service sysinit.target shutdown.target',
]

/**
 * The limits of what the program may do. None of them gives it mounts of its own, which nobody else
 * would see: ProtectSystem, PrivateTmp and ProtectKernelTunables would. MemoryDenyWriteExecute
 * would kill Node, and so would a filter without pkey_alloc(2). Directories that are made have to
 * be open to those who use the mounts, hence the mask.
 */
const hardening = [
  'CapabilityBoundingSet=CAP_SYS_ADMIN CAP_DAC_OVERRIDE CAP_CHOWN CAP_FOWNER CAP_SYS_NICE',
  'NoNewPrivileges=yes',
  'LockPersonality=yes',
  'ProtectClock=yes',
  'RestrictAddressFamilies=AF_UNIX',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service @mount @pkey',
  'SystemCallErrorNumber=EPERM',
  'IPAddressDeny=any',
  'KeyringMode=private',
  'UMask=0022',
]

/**
 * Returns the text of the unit. It does not run in a crash kernel (/proc/vmcore), which has no
 * memory to spare. It has no ExecStop, because stopping the service takes no pages away.
 * sysinit.target wants it and does not require it, so that a shortage fails the unit and those that
 * require it, and not the start.
 */
export const applyUnitText = (program: ServiceProgram): string => {
  const run = program.words.map(unitWord).join(' ')
  const [apply, boot] = applyWords
  return [
    serviceMark,
    '[Unit]',
    'Description=Apply the hugepage configuration',
    'Documentation=man:hugepool-apply(8) man:hugepool.toml(5)',
    'DefaultDependencies=no',
    'Conflicts=shutdown.target',
    ...(program.form === 'early' ? earlyOrder : laterOrder(program)),
    'ConditionPathExists=/sys/kernel/mm/hugepages',
    'ConditionPathExists=!/proc/vmcore',
    'ConditionVirtualization=!container',
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    `ExecStart=${run} ${apply} ${boot}`,
    `ExecReload=${run} ${apply}`,
    'TimeoutStartSec=10min',
    ...hardening,
    '',
    '[Install]',
    'WantedBy=sysinit.target',
    '',
  ].join('\n')
}
