import { unitDirectory } from '../../mounts/persist/systemd-unit.ts'

/** The programs that start a machine, for each of which there is a form of the service. */
export const serviceKinds = ['systemd', 'openrc', 'sysvinit', 'runit'] as const
export type ServiceKind = (typeof serviceKinds)[number]

/** Whether the service starts before file systems are mounted, or after those of the machine. */
export type ServiceForm = 'early' | 'later'

/** Where a kind of service is written, and what makes it start. Paths are those of the machine. */
export interface ServiceFiles {
  readonly path: string
  /** The mode of a new file; a script that is not sourced has to be executable. */
  readonly mode?: number
  /**
   * The link that enables it. sysvinit has a program that makes its links, and runit needs none.
   */
  readonly link?: string
  /** The directory without which this kind of init is not there. */
  readonly directory: string
}

export const serviceUnit = 'hugepool.service'

export const serviceFiles: Readonly<Record<ServiceKind, ServiceFiles>> = {
  systemd: {
    path: `${unitDirectory}/${serviceUnit}`,
    link: `${unitDirectory}/sysinit.target.wants/${serviceUnit}`,
    directory: unitDirectory,
  },
  openrc: {
    path: '/etc/init.d/hugepool',
    mode: 0o755,
    link: '/etc/runlevels/boot/hugepool',
    directory: '/etc/runlevels/boot',
  },
  sysvinit: { path: '/etc/init.d/hugepool', mode: 0o755, directory: '/etc/init.d' },
  runit: {
    path: '/etc/runit/core-services/09-hugepool.sh',
    directory: '/etc/runit/core-services',
  },
}

/** The line by which hugepool knows the files of its service. */
export const serviceMark = "# Written by hugepool; 'hugepool service remove' removes it."

/**
 * Tells whether hugepool wrote a service: the mark is the first line, or follows a line of `#!`.
 */
export const isOwnService = (text: string): boolean =>
  text.split('\n', 2).some((line) => line === serviceMark)

/** The words behind the program in the command that the service runs. */
export const applyWords = ['apply', '--boot'] as const
