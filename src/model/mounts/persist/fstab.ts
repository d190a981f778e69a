import { octalEscapes, withoutOctalEscapes } from '../../etc/octal-escapes.ts'
import { asOctets, octets } from '../../etc/octets.ts'
import { pathParts } from '../../etc/path-parts.ts'
import { type DesiredMount, mountOptionText, noSource } from '../desired-mount.ts'

export const fstabPath = '/etc/fstab'

/** The file as it was before hugepool's last change. */
export const fstabBackupPath = `${fstabPath}.hugepool-backup`

/**
 * What hugepool knows its lines by: `comment` is the option that fstab(5) gives to programs that
 * maintain the file. Unlike `x-hugepool` it is also known to busybox, which hands every x- option
 * on to the kernel, and the kernel rejects it.
 */
const fstabMark = 'comment=hugepool'

/**
 * A mount that fails must not keep a machine from starting: without `nofail` systemd ends in the
 * emergency shell when the pool is too small for a minimum. With it systemd would no longer order
 * the mount before anything, which is why that is said too (systemd-fstab-generator(8)). A minimum
 * takes pages at once: they are there after the sysctl that sets vm.nr_hugepages.
 */
const startOptions = (desired: DesiredMount, systemd: boolean): readonly string[] => [
  'nofail',
  ...(systemd ? ['x-systemd.before=local-fs.target'] : []),
  ...(systemd && desired.minSize !== undefined ? ['x-systemd.after=systemd-sysctl.service'] : []),
]

/** Blanks divide fields: fstab(5) has them and the backslash escaped as the kernel does. */
const escaped = (text: string): string => text.replace(/[ \t\n\\]/g, octalEscapes)

/** The line for a mount, without its newline. `systemd` tells whether systemd will read it. */
export const fstabLine = (desired: DesiredMount, systemd: boolean): string => {
  const options = [mountOptionText(desired), ...startOptions(desired, systemd), fstabMark]
  return [noSource, escaped(desired.target), 'hugetlbfs', options.join(','), '0', '0'].join(' ')
}

/**
 * Without the slashes and dots that make no difference. Names that are links stay: what they lead to
 * at the next start is not known now.
 */
const plainPath = (path: string): string => {
  const slash = path.startsWith('/') ? '/' : ''
  return `${slash}${pathParts(path).join('/')}`
}

/** A carriage return at the end of a line is no part of its fields. */
export const fieldsOf = (line: string): readonly string[] =>
  line
    .replace(/\r$/, '')
    .split(/[ \t]+/)
    .filter((field) => field !== '')

export interface FstabMention {
  /** Counted from 1, as editors do. */
  readonly number: number
  /** Written by hugepool, by its mark. */
  readonly own: boolean
}

/** Every line of a file, given as octets, that mounts something on a directory. */
export const mentionsOf = (text: string, target: string): readonly FstabMention[] => {
  const wanted = plainPath(octets(target))
  return text.split('\n').flatMap((line, index) => {
    const [source = '#', place, type, options = ''] = fieldsOf(line)
    if (source.startsWith('#') || place === undefined) return []
    if (plainPath(withoutOctalEscapes(asOctets(place))) !== wanted) return []
    return [
      { number: index + 1, own: type === 'hugetlbfs' && options.split(',').includes(fstabMark) },
    ]
  })
}
