import { octalEscapes, withoutOctalEscapes } from '../../etc/octal-escapes.ts'
import { asOctets, octets, textOf } from '../../etc/octets.ts'
import { pathParts } from '../../etc/path-parts.ts'
import { type DesiredMount, mountOptionText, noSource } from '../desired-mount.ts'

export const fstabPath = '/etc/fstab'

/** The copy of the file from before hugepool's last change. */
export const fstabBackupPath = `${fstabPath}.hugepool-backup`

/**
 * The option by which hugepool recognizes its lines; fstab(5) reserves `comment` for programs that
 * maintain the file. An option `x-hugepool` would fail with busybox, which knows `comment` but
 * passes every x- option on to the kernel, and the kernel rejects those.
 */
const fstabMark = 'comment=hugepool'

/**
 * Options that keep a failed mount from stopping the start. Without `nofail` systemd ends in the
 * emergency shell when the pool is too small for a minimum. With `nofail` systemd no longer orders
 * the mount before other units, so the order is given too (systemd-fstab-generator(8)). A minimum
 * takes its pages at once, and they exist only after the sysctl that sets vm.nr_hugepages.
 */
const startOptions = (desired: DesiredMount, systemd: boolean): readonly string[] => [
  'nofail',
  ...(systemd ? ['x-systemd.before=local-fs.target'] : []),
  ...(systemd && desired.minSize !== undefined ? ['x-systemd.after=systemd-sysctl.service'] : []),
]

/** Escapes blanks, which separate fields, and backslashes, as fstab(5) and the kernel do. */
const escaped = (text: string): string => text.replace(/[ \t\n\\]/g, octalEscapes)

/**
 * Returns the line for a mount, without its newline. `systemd` tells whether systemd reads the
 * file.
 */
export const fstabLine = (desired: DesiredMount, systemd: boolean): string => {
  const options = [mountOptionText(desired), ...startOptions(desired, systemd), fstabMark]
  return [noSource, escaped(desired.target), 'hugetlbfs', options.join(','), '0', '0'].join(' ')
}

/** Removes slashes and dots that do not change a path's meaning. */
const plainPath = (path: string): string => {
  const slash = path.startsWith('/') ? '/' : ''
  return `${slash}${pathParts(path).join('/')}`
}

/** Splits a line into fields. A carriage return at the end of the line is not part of a field. */
export const fieldsOf = (line: string): readonly string[] =>
  line
    .replace(/\r$/, '')
    .split(/[ \t]+/)
    .filter((field) => field !== '')

/** A line that mounts something. */
interface FstabLine {
  /** The line number, counted from 1 as in editors. */
  readonly number: number
  /** The directory as octets, without escapes. */
  readonly mountPoint: string
  /** Whether hugepool's mark shows that hugepool wrote the line. */
  readonly own: boolean
  /** Whether it mounts nothing at a start, but waits until somebody mounts the directory. */
  readonly noauto: boolean
}

const fstabLines = (text: string): readonly FstabLine[] =>
  text.split('\n').flatMap((line, index) => {
    const [source = '#', mountPoint, type, options = ''] = fieldsOf(line)
    if (source.startsWith('#') || mountPoint === undefined) return []
    const words = options.split(',')
    return [
      {
        number: index + 1,
        mountPoint: plainPath(withoutOctalEscapes(asOctets(mountPoint))),
        own: type === 'hugetlbfs' && words.includes(fstabMark),
        noauto: words.includes('noauto'),
      },
    ]
  })

/** Returns the absolute paths on which a file, given as octets, mounts something, each once. */
export const mountPointsOf = (text: string): readonly string[] => [
  ...new Set(
    fstabLines(text)
      .map(({ mountPoint }) => mountPoint)
      .filter((path) => path.startsWith('/')),
  ),
]

export interface FstabMention extends Pick<FstabLine, 'number' | 'own'> {
  /** The name of the directory in the line, where it differs and leads there by a link. */
  readonly as?: string
}

const linesOn = (text: string, target: string, names: readonly string[]): readonly FstabLine[] => {
  const wanted = plainPath(octets(target))
  return fstabLines(text).filter(
    ({ mountPoint }) => mountPoint === wanted || names.includes(mountPoint),
  )
}

/**
 * Returns the lines that mount something on a directory at a start. `names` are other names that
 * lead to the directory, in the form that `mountPointsOf` gives.
 */
export const linesAtStart = (
  text: string,
  target: string,
  names: readonly string[] = [],
): readonly Pick<FstabLine, 'number' | 'own'>[] =>
  linesOn(text, target, names).filter(({ noauto }) => !noauto)

/**
 * Returns every line of a file, given as octets, that mounts something on a directory. `names` are
 * other names that lead to the directory, in the form that `mountPointsOf` gives.
 */
export const mentionsOf = (
  text: string,
  target: string,
  names: readonly string[] = [],
): readonly FstabMention[] => {
  const wanted = plainPath(octets(target))
  return linesOn(text, target, names).map(({ number, own, mountPoint }) =>
    mountPoint === wanted ? { number, own } : { number, own, as: textOf(asOctets(mountPoint)) },
  )
}

/** Writes the number of a line, and the name of the directory in it where that differs. */
export const mentionWords = ({ number, as }: FstabMention): string =>
  as === undefined ? `${number}` : `${number} (as ${as})`
