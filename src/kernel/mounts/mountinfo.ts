import { HugepoolError } from '../../errors.ts'
import type { MountLine } from '../../model/mounts/hugetlbfs-mount.ts'
import type { Tree } from '../tree.ts'
import { readText } from '../values.ts'

const path = '/proc/self/mountinfo'

/** Files of the kernel are read as bytes, each a character; paths are UTF-8, as far as they are. */
const asText = (bytes: string): string =>
  /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes

/** Undoes mangle() of the kernel: space, tab, newline and backslash come as three octal digits. */
const unmangled = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) =>
        String.fromCharCode(Number.parseInt(digits, 8)),
      )
    : text

/**
 * Optional fields stand between the sixth and the first lone hyphen; there may be none of them. A
 * source can be a hyphen too, or empty.
 */
const parseLine = (line: string): MountLine => {
  const hyphen = line.indexOf(' - ')
  const [id = '', parent = '', , root = '', target = '', flags] = line.slice(0, hyphen).split(' ')
  const [type, source, options] = line.slice(hyphen + 3).split(' ')
  const isLine = hyphen > 0 && /^\d+ \d+$/.test(`${id} ${parent}`) && target.startsWith('/')
  if (!isLine || flags === undefined || !type)
    throw new HugepoolError(
      'E_KERNEL',
      `${path}: unknown line ${JSON.stringify(line.slice(0, 60))}`,
    )
  return {
    id: Number(id),
    parent: Number(parent),
    root: asText(unmangled(root)),
    target: asText(unmangled(target)),
    flags,
    type,
    source: asText(unmangled(source ?? '')),
    options: options ?? '',
  }
}

/** Reads the text of mountinfo. Throws E_KERNEL for a line that is none. */
export const parseMountinfo = (text: string): readonly MountLine[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine)

/** Every kernel has the file; a directory that was made a root may have no /proc. */
const noProc = {
  ENOENT: { code: 'E_UNSUPPORTED', words: 'is missing', hint: '/proc has to be mounted' },
} as const

/** Every mount of this process's mount namespace that can be reached from its root. */
export const readMountinfo = (tree: Tree): readonly MountLine[] =>
  parseMountinfo(readText(tree, path, noProc))
