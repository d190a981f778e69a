import { refused } from '../../../errors.ts'
import { octets } from '../../etc/octets.ts'
import { pathParts } from '../../etc/path-parts.ts'
import { formatSize } from '../../words/page-size.ts'
import { type DesiredMount, mountOptionText, noSource } from '../desired-mount.ts'

/** Where the administrator's units stand, which go before those of packages. */
export const unitDirectory = '/etc/systemd/system'

/**
 * Units of the same name in these are put aside by one in `unitDirectory`, and those of packages by
 * a line of fstab too: systemd.unit(5). What systemd makes of fstab itself stands elsewhere.
 */
export const packagedDirectories: readonly string[] = [
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
]

/** What a unit's [Install] section says, and the directory of links that carries it out. */
const wantedBy = 'local-fs.target'
export const wantsDirectory = `${unitDirectory}/${wantedBy}.wants`

/** UNIT_NAME_MAX of systemd, without the byte that ends the string. */
const longestName = 255

const unitMark = "# Written by hugepool; 'hugepool umount --persist' removes it."

/** Whether hugepool wrote the text of a unit. */
export const isOwnUnit = (text: string): boolean => text.startsWith(`${unitMark}\n`)

/** One byte of a path in a unit's name; a dot only where it does not begin the name. */
const escapedByte = (byte: string, index: number): string => {
  if (byte === '/') return '-'
  if (/[\w:]/.test(byte) || (byte === '.' && index > 0)) return byte
  return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`
}

/**
 * The name of the unit that mounts on a directory, as `systemd-escape --path --suffix=mount` gives
 * it. Undefined where there is none: for a path with `..`, or one that makes too long a name.
 */
export const unitName = (target: string): string | undefined => {
  const parts = pathParts(target)
  if (parts.includes('..')) return undefined
  const path = parts.length === 0 ? '/' : parts.join('/')
  const name = `${Array.from(octets(path), escapedByte).join('')}.mount`
  return name.length > longestName ? undefined : name
}

export const unitPath = (name: string): string => `${unitDirectory}/${name}`
export const wantsPath = (name: string): string => `${wantsDirectory}/${name}`

/** Of the kernel: a manual page would have to be installed for systemd-analyze(1) to find no fault. */
const documentation = 'https://docs.kernel.org/admin-guide/mm/hugetlbpage.html'

/**
 * What a value in a unit cannot hold, quoted or not: the end of a line, a blank or a backslash at
 * its end, and a dollar sign, for systemd looks for variables in the mount(8) line that it makes.
 */
const unspeakable = /[\n\r$]|[ \t\\]$/

/** Specifiers begin with a percent sign: systemd.unit(5). */
const literal = (text: string): string => text.replaceAll('%', '%%')

/**
 * The text of the unit for a mount. It is wanted and not required, so that a machine starts without
 * it, and comes before local-fs.target and so before every ordinary service. Pages for a minimum
 * are there after the sysctl that sets vm.nr_hugepages. The conditions are those of systemd's own
 * dev-hugepages.mount. Throws E_REFUSED for a directory that no unit can name.
 */
export const unitText = (desired: DesiredMount): string => {
  const { target, pageSize, minSize } = desired
  if (unitName(target) === undefined || unspeakable.test(target))
    throw refused(
      `${JSON.stringify(target)} cannot be named in a systemd unit`,
      '--persist fstab can name it',
    )
  return [
    unitMark,
    '[Unit]',
    `Description=hugetlbfs with ${formatSize(pageSize)} pages on ${literal(target)}`,
    `Documentation=${documentation}`,
    `Before=${wantedBy}`,
    ...(minSize === undefined ? [] : ['After=systemd-sysctl.service']),
    'ConditionPathExists=/sys/kernel/mm/hugepages',
    'ConditionCapability=CAP_SYS_ADMIN',
    'ConditionVirtualization=!private-users',
    '',
    '[Mount]',
    `What=${noSource}`,
    `Where=${literal(target)}`,
    'Type=hugetlbfs',
    `Options=${mountOptionText(desired)}`,
    '',
    '[Install]',
    `WantedBy=${wantedBy}`,
    '',
  ].join('\n')
}
