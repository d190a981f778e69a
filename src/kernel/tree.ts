import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { asOctets, type Octets } from '../model/etc/octets.ts'
import { pathPrefix } from '../model/etc/path-parts.ts'
import { errnoOf, explain, isShortage } from './errno.ts'
import { belowRoot, directoriesFinder } from './root-path.ts'
import { tryAgain } from './try-again.ts'

/**
 * The machine that hugepool works on: files below one root, named by absolute paths such as
 * `/proc/meminfo`. Every call throws the system errors of Node; `errno.ts` puts them into words.
 */
export interface Tree {
  /** The directory that stands for `/`. */
  readonly root: string
  /** The directory of the processes, where a test has it elsewhere than in `/proc` below the root. */
  readonly proc?: string
  /** Reads all octets of a file. The size that stat(2) gives for a pseudo file is wrong. */
  read(path: string): Octets
  /** One write(2) of the value and a newline, as `echo VALUE > PATH` does. */
  write(path: string, value: string): void
  /** The names in a directory, in any order. */
  list(path: string): readonly string[]
  /** Throws EACCES, EROFS or ENOENT where a write would. */
  checkWritable(path: string): void
}

/**
 * O_CREAT is never set: a missing attribute has to fail with ENOENT, but with O_CREAT sysfs answers a
 * misleading EACCES. A FIFO in a recording would wait for a reader; with O_NONBLOCK open(2) answers
 * ENXIO.
 */
const writeFlags = constants.O_WRONLY | constants.O_NONBLOCK

const writeOnce = (file: string, text: string): void => {
  const descriptor = openSync(file, writeFlags | constants.O_TRUNC)
  try {
    writeSync(descriptor, text)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * A recorded file would keep the tail of its old value, which is cut off after the write: cut off
 * before, a write that fails would leave it empty.
 */
const writeRecorded = (file: string, text: string): void => {
  const descriptor = openSync(file, writeFlags)
  try {
    ftruncateSync(descriptor, writeSync(descriptor, text))
  } finally {
    closeSync(descriptor)
  }
}

/** The buffer holds most files of procfs and /etc. Larger ones take several reads. */
const block = Buffer.allocUnsafe(16384)

/** A FIFO or a device in a recording: the one could be waited for, and the other read, for ever. */
const notRegular = (path: string): Error =>
  Object.assign(new Error('not a regular file'), { code: 'ENXIO', path })

const readWhole = (file: string): Octets => {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stat = fstatSync(descriptor)
    // For a directory read(2) has an answer of its own, EISDIR.
    if (!stat.isFile() && !stat.isDirectory()) throw notRegular(file)
    let all = ''
    for (;;) {
      const length = readSync(descriptor, block, 0, block.length, null)
      if (length === 0) return asOctets(all)
      all += block.toString('latin1', 0, length)
    }
  } finally {
    closeSync(descriptor)
  }
}

const ascii = /^[\0-\x7f]*$/

/**
 * One object for all calls: a string is made into a new object each time. Node takes the flags of
 * open(2) as a number here too, of which its types do not know.
 */
const asText = {
  encoding: 'utf8',
  flag: (constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK) as unknown as string,
} as const

/**
 * Reads an attribute of sysfs, which is ASCII. Node reads a whole file of UTF-8 in one call, which
 * takes two thirds of the time, and there are twelve attributes for every node. Undefined where it is
 * something else, or a symbolic link, which only a recording can have here.
 */
const readAttribute = (file: string): Octets | undefined => {
  try {
    const text = readFileSync(file, asText)
    return ascii.test(text) ? asOctets(text) : undefined
  } catch (error) {
    if (errnoOf(error) === 'ELOOP') return undefined
    throw error
  }
}

/**
 * Finds files below a root. The running kernel's are named by their paths, which are absolute and
 * normalized already: there are thousands of them. Those of a recorded machine are walked to,
 * because a symbolic link in it could lead out of the recording.
 */
const finder = (root: string): ((path: string) => string) =>
  pathPrefix(root) === '' ? (path) => path : (path) => belowRoot(root, path)

export const directoryTree = (root: string): Tree => {
  const at = finder(root)
  const write = pathPrefix(root) === '' ? writeOnce : writeRecorded
  const inSysfs = pathPrefix(root) === '' ? at : directoriesFinder(root)
  const readInSysfs = (path: string) => readAttribute(inSysfs(path)) ?? readWhole(at(path))
  return {
    root,
    read: (path) =>
      tryAgain(() => (path.startsWith('/sys/') ? readInSysfs(path) : readWhole(at(path)))),
    write: (path, value) => write(at(path), `${value}\n`),
    list: (path) => tryAgain(() => readdirSync(at(path))),
    checkWritable: (path) => accessSync(at(path), constants.W_OK),
  }
}

/** The directory in which the processes of a tree are, by its path on this machine. */
export const procOf = ({ root, proc }: Tree): string => proc ?? `${pathPrefix(root)}/proc`

/** f_type of sysfs and procfs, from the kernel's include/uapi/linux/magic.h. */
const magics = [
  ['/sys', 0x62656572],
  ['/proc', 0x9fa0],
] as const

/** Whether the tree is the running kernel, by whatever path it is reached, and not a recording. */
export const isLive = (tree: Tree): boolean =>
  tree.root === '/' ||
  magics.some(([path, magic]) => {
    try {
      return statfsSync(belowRoot(tree.root, path)).type === magic
    } catch (error) {
      if (isShortage(error)) throw explain(error, path)
      return false
    }
  })
