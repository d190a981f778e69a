import { exitNo } from '../../../errors.ts'
import { shellWord } from '../../etc/shell-word.ts'
import { applyWords, serviceMark } from './service-kind.ts'
import type { ServiceProgram } from './service-program.ts'

const run = `"$node" "$hugepool" ${applyWords.join(' ')}`
const title = 'Apply the hugepage configuration'

/** Writes the lines by which `programIn` finds what a script runs. */
const variables = ({ words: [node = '', hugepool = ''] }: ServiceProgram): readonly string[] => [
  `node=${shellWord(node)}`,
  `hugepool=${shellWord(hugepool)}`,
]

/**
 * Returns the script of OpenRC. It runs before localmount, which mounts what fstab names, because a
 * mount with a minimum size needs its pages. It has no stop function, so that nothing is taken
 * away.
 */
export const openrcScript = (program: ServiceProgram): string =>
  [
    '#!/sbin/openrc-run',
    serviceMark,
    '',
    ...variables(program),
    `description="${title}"`,
    '',
    'depend() {',
    '\tneed sysfs',
    `\tafter sysctl modules${program.form === 'early' ? '' : ' localmount'}`,
    ...(program.form === 'early' ? ['\tbefore localmount'] : []),
    '\tkeyword -docker -lxc -prefix -systemd-nspawn',
    '}',
    '',
    'start() {',
    `\tebegin "${title}"`,
    `\t${run}`,
    '\teend $?',
    '}',
    '',
  ].join('\n')

/**
 * Returns the script of sysvinit. It runs after procps, which applies the sysctls, so that it has
 * the last word about them. The exit statuses of `status` are those of the LSB: 3 for what does not
 * run, 4 for what is not known.
 */
export const sysvinitScript = (program: ServiceProgram): string =>
  [
    '#!/bin/sh',
    serviceMark,
    '### BEGIN INIT INFO',
    '# Provides:          hugepool',
    '# Required-Start:    mountkernfs $local_fs',
    '# Required-Stop:',
    '# Should-Start:      procps kmod',
    '# Default-Start:     S',
    '# Default-Stop:',
    `# Short-Description: ${title}`,
    '### END INIT INFO',
    '',
    ...variables(program),
    '',
    'case "$1" in',
    'start)',
    `\t${run}`,
    '\t;;',
    'reload | restart | force-reload)',
    `\t"$node" "$hugepool" ${applyWords[0]}`,
    '\t;;',
    'stop)',
    '\t;;',
    'status)',
    '\t"$node" "$hugepool" check',
    '\tcase $? in',
    '\t0) ;;',
    `\t${exitNo}) exit 3 ;;`,
    '\t*) exit 4 ;;',
    '\tesac',
    '\t;;',
    '*)',
    '\techo "Usage: $0 {start|stop|reload|restart|force-reload|status}" >&2',
    '\texit 3',
    '\t;;',
    'esac',
    '',
  ].join('\n')

/**
 * Returns the file of runit on Void Linux. The start sources it, so that it must not exit, whatever
 * the options of the shell are, and its variables stay within parentheses.
 */
export const runitScript = (program: ServiceProgram): string =>
  [
    serviceMark,
    '',
    `if [ -z "\${VIRTUALIZATION-}\${IS_CONTAINER-}" ]; then`,
    '(',
    ...variables(program),
    run,
    ') || echo "hugepool: the hugepage configuration is not applied in full"',
    'fi',
    '',
  ].join('\n')
