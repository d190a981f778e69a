import { exitNo } from '../../../errors.ts'
import { shellWord } from '../../etc/shell-word.ts'
import { applyWords, serviceMark } from './service-kind.ts'
import type { ServiceProgram } from './service-program.ts'

const title = 'Apply the hugepage configuration'

/** Returns the names that a script has for the words of a program: node and what it runs, or one file. */
const variableNames = ({ words }: ServiceProgram): readonly string[] =>
  ['node', 'hugepool'].slice(-words.length)

/** Writes the lines by which `programIn` finds what a script runs. */
const variables = (program: ServiceProgram): readonly string[] =>
  variableNames(program).map((name, index) => `${name}=${shellWord(program.words[index] ?? '')}`)

/** Writes a command line of hugepool. */
const runs = (program: ServiceProgram, ...words: readonly string[]): string =>
  [...variableNames(program).map((name) => `"$${name}"`), ...words].join(' ')

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
    `\t${runs(program, ...applyWords)}`,
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
    `\t${runs(program, ...applyWords)}`,
    '\t;;',
    'reload | restart | force-reload)',
    `\t${runs(program, applyWords[0])}`,
    '\t;;',
    'stop)',
    '\t;;',
    'status)',
    `\t${runs(program, 'check')}`,
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
    runs(program, ...applyWords),
    ') || echo "hugepool: the hugepage configuration is not applied in full"',
    'fi',
    '',
  ].join('\n')
