import { HugepoolError } from '../../errors.ts'
import { withoutOctalEscapes } from '../../model/etc/octal-escapes.ts'
import { asOctets, type Octets, textOf } from '../../model/etc/octets.ts'
import { isWithin } from '../../model/etc/path-parts.ts'
import type { MountLine } from '../../model/mounts/hugetlbfs-mount.ts'
import { present } from '../../model/words/present.ts'
import { readText } from '../read-attribute.ts'
import { replacing } from '../replacing.ts'
import { isLive, type Tree } from '../tree.ts'

/** Returns the path of the mount table of a process, or of this one where none is named. */
export const mountinfoOf = (pid: number | 'self' = 'self'): string => `/proc/${pid}/mountinfo`

export const mountinfoPath = mountinfoOf()

/** Says that a line of the mounts of this process is not understood. */
export const unknownLineWords = (line: string): string =>
  `${mountinfoPath}: a line is not understood: ${JSON.stringify(line)}`

/**
 * Decodes a field. Blanks, backslashes and number signs are escaped in it (mangle in
 * fs/proc_namespace.c).
 */
const unescapedName = (field: string): string => textOf(withoutOctalEscapes(asOctets(field)))

/** Returns the numbers of peer groups in the optional fields, such as `shared:15 master:3`. */
const groupsOf = (fields: readonly string[]) => {
  const numberOf = (name: string): number | undefined => {
    const field = fields.find((one) => one.startsWith(name))
    return field === undefined ? undefined : Number(field.slice(name.length))
  }
  return {
    shared: numberOf('shared:'),
    master: numberOf('master:'),
    dominant: numberOf('propagate_from:'),
  }
}

/**
 * Parses a line; undefined for one of another form. Any number of optional fields stand between the
 * sixth field and the first lone hyphen. The source can be a hyphen too, or empty.
 */
const parseLine = (line: string): MountLine | undefined => {
  const hyphen = line.indexOf(' - ')
  const [id = '', parent = '', device = '', root = '', target = '', flags, ...fields] = line
    .slice(0, hyphen)
    .split(' ')
  const [type, source, options] = line.slice(hyphen + 3).split(' ')
  const isLine = hyphen > 0 && /^\d+ \d+$/.test(`${id} ${parent}`) && target.startsWith('/')
  if (!isLine || flags === undefined || !type) return undefined
  return present({
    id: Number(id),
    parent: Number(parent),
    device,
    root: unescapedName(root),
    target: unescapedName(target),
    flags,
    type,
    source: unescapedName(source ?? ''),
    options: options ?? '',
    ...groupsOf(fields),
  })
}

/** The lines of a mount table, and those that were not understood. */
export interface MountinfoLines {
  readonly lines: readonly MountLine[]
  readonly unknown: readonly Octets[]
}

/** Returns the beginning of a line that was not understood, for a message. */
export const beginningOf = (line: Octets): string => textOf(asOctets(line.slice(0, 60)))

export const parseMountinfoLines = (text: Octets): MountinfoLines => {
  const lines: MountLine[] = []
  const unknown: Octets[] = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    const found = parseLine(line)
    if (found === undefined) unknown.push(asOctets(line))
    else lines.push(found)
  }
  return { lines, unknown }
}

const unknownLine = (line: Octets): HugepoolError =>
  new HugepoolError(
    'E_KERNEL',
    'not-understood',
    `${mountinfoPath}: unknown line ${JSON.stringify(beginningOf(line))}`,
  )

/**
 * Whether a line that was not understood may be about a mount on a directory, on one above it,
 * which would hide it, or on one below. Almost every line has the path `/`, which therefore does
 * not count.
 */
const mayBeAbout = (line: Octets, target: string): boolean =>
  unescapedName(line).includes(target) ||
  line
    .split(' ')
    .map(unescapedName)
    .some((name) => /^\/./.test(name) && (isWithin(name, target) || isWithin(target, name)))

/**
 * Parses the octets of mountinfo. Throws E_KERNEL for a line that is not understood and may be
 * about `target`. Without a target, or where no line is understood, any such line is an error.
 */
export const parseMountinfo = (text: Octets, target?: string): readonly MountLine[] => {
  const { lines, unknown } = parseMountinfoLines(text)
  const about =
    target === undefined || lines.length === 0
      ? unknown[0]
      : unknown.find((line) => mayBeAbout(line, target))
  if (about !== undefined) throw unknownLine(about)
  return lines
}

/**
 * Returns the meaning of a mount table that is missing. Every kernel has one, but /proc may be
 * missing after a chroot, and a recording may have only some of the files.
 */
const noProc = (tree: Tree) =>
  ({
    ENOENT: {
      code: 'E_UNSUPPORTED',
      reason: 'not-shown',
      words: 'is missing',
      hint: isLive(tree)
        ? "'mount -t proc proc /proc' shows it"
        : 'the recording lacks it, so its mounts are not known',
    },
  }) as const

/**
 * Returns a tree that reads the table of this process once: whoever looks again finds the mounts that the first
 * look found, instead of none where it cannot be read any more. Throws where the first look fails.
 */
export const withMountinfo = (tree: Tree): Tree => {
  const table = readText(tree, mountinfoPath, noProc(tree))
  return replacing(tree, { read: (path) => (path === mountinfoPath ? table : tree.read(path)) })
}

/**
 * Reads the mounts of the mount namespace of the process `pid`, or of this one, that can be reached
 * from its root. Throws E_KERNEL where no line at all is understood, and E_UNSUPPORTED without
 * /proc.
 */
export const readMountinfoLines = (tree: Tree, pid?: number): MountinfoLines => {
  const found = parseMountinfoLines(readText(tree, mountinfoOf(pid), noProc(tree)))
  if (found.lines.length === 0 && found.unknown[0] !== undefined)
    throw unknownLine(found.unknown[0])
  return found
}

/**
 * Reads the mounts of this process for a change of those on a directory. Throws E_KERNEL for a line
 * that is not understood and may be about the directory; `readMountinfoLines` leaves such lines
 * out.
 */
export const readMountinfo = (tree: Tree, target?: string): readonly MountLine[] =>
  parseMountinfo(readText(tree, mountinfoPath, noProc(tree)), target)
