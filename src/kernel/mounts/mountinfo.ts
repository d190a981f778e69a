import { HugepoolError } from '../../errors.ts'
import { withoutOctalEscapes } from '../../model/etc/octal-escapes.ts'
import { asOctets, type Octets, textOf } from '../../model/etc/octets.ts'
import type { MountLine } from '../../model/mounts/hugetlbfs-mount.ts'
import { readText } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

export const mountinfoPath = '/proc/self/mountinfo'

/**
 * Decodes a field. Blanks, backslashes and number signs are escaped in it (mangle in
 * fs/proc_namespace.c).
 */
const nameOf = (field: string): string => textOf(withoutOctalEscapes(asOctets(field)))

/**
 * Optional fields stand between the sixth field and the first lone hyphen; there may be none. A
 * source can be a hyphen too, or empty.
 */
const parseLine = (line: string): MountLine => {
  const hyphen = line.indexOf(' - ')
  const [id = '', parent = '', device = '', root = '', target = '', flags] = line
    .slice(0, hyphen)
    .split(' ')
  const [type, source, options] = line.slice(hyphen + 3).split(' ')
  const isLine = hyphen > 0 && /^\d+ \d+$/.test(`${id} ${parent}`) && target.startsWith('/')
  if (!isLine || flags === undefined || !type)
    throw new HugepoolError(
      'E_KERNEL',
      `${mountinfoPath}: unknown line ${JSON.stringify(textOf(asOctets(line.slice(0, 60))))}`,
    )
  return {
    id: Number(id),
    parent: Number(parent),
    device,
    root: nameOf(root),
    target: nameOf(target),
    flags,
    type,
    source: nameOf(source ?? ''),
    options: options ?? '',
  }
}

/** Parses the octets of mountinfo. Throws E_KERNEL for an unknown line. */
export const parseMountinfo = (text: Octets): readonly MountLine[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine)

/** Every kernel has the file, but /proc may be missing below a directory that was made a root. */
const noProc = {
  ENOENT: { code: 'E_UNSUPPORTED', words: 'is missing', hint: '/proc has to be mounted' },
} as const

/** Every mount of this process's mount namespace that can be reached from its root. */
export const readMountinfo = (tree: Tree): readonly MountLine[] =>
  parseMountinfo(readText(tree, mountinfoPath, noProc))
