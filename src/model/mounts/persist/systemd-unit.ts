import { usage } from '../../../errors.ts'
import { asOctets, octets, textOf } from '../../etc/octets.ts'
import { pathParts } from '../../etc/path-parts.ts'
import { formatSize } from '../../words/page-size.ts'
import { type DesiredMount, mountOptionText, noSource } from '../desired-mount.ts'

/** The directory of the administrator's units, which take precedence over those of packages. */
export const unitDirectory = '/etc/systemd/system'

/**
 * The directories whose units override those of `unitDirectory` (lookup_paths_init in
 * src/basic/path-lookup.c of systemd). systemctl(1) unmasks nothing in them. The directory of
 * transient units is left out, for none of these is there at the next start.
 */
export const overridingDirectories: readonly string[] = [
  '/etc/systemd/system.control',
  '/run/systemd/system.control',
]

/**
 * The directories whose units are overridden by one of their name in `unitDirectory`. A line of
 * fstab overrides those of packages too (systemd.unit(5)). The units that systemd makes from fstab
 * are in another directory.
 */
export const packagedDirectories: readonly string[] = [
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
]

/** All directories of units, those that take precedence first. */
export const unitDirectories: readonly string[] = [
  ...overridingDirectories,
  unitDirectory,
  ...packagedDirectories,
]

/** The target that wants the units. `wantsDirectory` has its links to them. */
const wantedBy = 'local-fs.target'
export const wantsDirectory = `${unitDirectory}/${wantedBy}.wants`

/** UNIT_NAME_MAX of systemd, without the byte that ends the string. */
const longestName = 255

const unitMark = "# Written by hugepool; 'hugepool umount --persist' removes it."

/** Whether hugepool wrote the text of a unit. */
export const isOwnUnit = (text: string): boolean => text.startsWith(`${unitMark}\n`)

/**
 * Escapes one byte of a path for a unit name; a dot is escaped only at the beginning of the name.
 */
const escapedByte = (byte: string, index: number): string => {
  if (byte === '/') return '-'
  if (/[\w:]/.test(byte) || (byte === '.' && index > 0)) return byte
  return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`
}

/**
 * Returns the name of the unit that mounts on a directory, as `systemd-escape --path
 * --suffix=mount` gives it. Returns undefined for a path with `..` and for one whose name would be
 * too long.
 */
export const unitName = (target: string): string | undefined => {
  const parts = pathParts(target)
  if (parts.includes('..')) return undefined
  const path = parts.length === 0 ? '/' : parts.join('/')
  const name = `${Array.from(octets(path), escapedByte).join('')}.mount`
  return name.length > longestName ? undefined : name
}

/**
 * Returns the directory that the name of a unit stands for, without the escapes. Undefined for what
 * is no unit of a mount.
 */
export const directoryOfUnit = (name: string): string | undefined => {
  const escaped = /^([\w:.\\-]+)\.mount$/.exec(name)?.[1]
  if (escaped === undefined) return undefined
  if (escaped === '-') return '/'
  const bytes = escaped
    .replaceAll('-', '/')
    .replace(/\\x([0-9a-f]{2})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    )
  return `/${textOf(asOctets(bytes))}`
}

export const unitPath = (name: string): string => `${unitDirectory}/${name}`
export const wantsPath = (name: string): string => `${wantsDirectory}/${name}`

/**
 * The page of the kernel's documentation. It is no manual page, because systemd-analyze(1)
 * complains about one that is not installed.
 */
const documentation = 'https://docs.kernel.org/admin-guide/mm/hugetlbpage.html'

/**
 * Matches what a value in a unit cannot contain, quoted or not: the end of a line, a blank or a
 * backslash at its end, and a dollar sign, because systemd expands variables in the mount(8)
 * command that it makes.
 */
const unspeakable = /[\n\r$]|[ \t\\]$/

/** Doubles percent signs, which begin specifiers in units (systemd.unit(5)). */
const literal = (text: string): string => text.replaceAll('%', '%%')

/**
 * Returns the text of the unit for a mount. The target wants the unit and does not require it, so
 * that a machine starts without it. The unit comes before local-fs.target and so before every
 * ordinary service. The pages of a minimum exist after the sysctl that sets vm.nr_hugepages. The
 * conditions are those of systemd's own dev-hugepages.mount. Throws E_USAGE for a directory that
 * no unit can name.
 */
export const unitText = (desired: DesiredMount): string => {
  const { target, pageSize, minSize } = desired
  if (unitName(target) === undefined || unspeakable.test(target))
    throw usage(
      `${JSON.stringify(target)} cannot be named in a systemd unit`,
      '--persist fstab can name it',
      'wrong-file',
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
