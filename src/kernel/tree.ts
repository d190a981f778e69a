import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statfsSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { asOctets, type Octets } from '../model/etc/octets.ts'
import { pathPrefix } from '../model/etc/path-parts.ts'
import { checkAccess } from './check-access.ts'
import { errnoOf, explain, isShortage } from './errno.ts'
import { release } from './release-descriptor.ts'
import { belowRoot, directoriesFinder } from './root-path.ts'
import { tryAgain } from './try-again.ts'

/**
 * The machine that hugepool works on: files below one root, named by absolute paths such as
 * `/proc/meminfo`. Every call throws the system errors of Node, which `errno.ts` explains.
 */
export interface Tree {
  /** The directory that stands for `/`. */
  readonly root: string
  /** The directory of the processes, for a test that has it elsewhere than in `/proc`. */
  readonly proc?: string
  /**
   * Reads all octets of a file, to its end, because stat(2) gives a wrong size for pseudo files.
   */
  read(path: string): Octets
  /** Writes the value and a newline by one write(2), as `echo VALUE > PATH` does. */
  write(path: string, value: string): void
  /** Returns the names in a directory, in any order. */
  list(path: string): readonly string[]
  /** Throws EACCES, EROFS or ENOENT where a write would. */
  checkWritable(path: string): void
}

/**
 * The flags for writing. O_CREAT is never set, because a missing attribute has to fail with ENOENT,
 * and sysfs answers EACCES with O_CREAT. O_NONBLOCK is set, so that open(2) of a FIFO in a
 * recording answers ENXIO and does not wait for a reader.
 */
const writeFlags = constants.O_WRONLY | constants.O_NONBLOCK
const readFlags = constants.O_RDONLY | constants.O_NONBLOCK

const writeOnce = (file: string, text: string): void => {
  const descriptor = openSync(file, writeFlags | constants.O_TRUNC)
  try {
    writeSync(descriptor, text)
  } finally {
    closeSync(descriptor)
  }
}

/** A buffer that holds most files of procfs and /etc. Larger ones take several reads. */
const block = Buffer.allocUnsafe(16384)

/** Returns the error for a FIFO or a device in a recording, whose reading might never end. */
const notRegular = (path: string): Error =>
  Object.assign(new Error('not a regular file'), { code: 'ENXIO', path })

const readWhole = (file: string): Octets => {
  const descriptor = openSync(file, readFlags)
  try {
    const stat = fstatSync(descriptor)
    // A directory is left to read(2), which answers EISDIR.
    if (!stat.isFile() && !stat.isDirectory()) throw notRegular(file)
    let all = ''
    for (;;) {
      const length = readSync(descriptor, block, 0, block.length, null)
      if (length === 0) return asOctets(all)
      all += block.toString('latin1', 0, length)
    }
  } finally {
    release(descriptor)
  }
}

/** Returns what a recorded file has; undefined where it cannot be read. */
const oldValue = (file: string): Octets | undefined => {
  try {
    return readWhole(file)
  } catch {
    return undefined
  }
}

/** Gives an open file the value that it had, as far as that can be written now. */
const putBack = (descriptor: number, value: Octets): void => {
  try {
    ftruncateSync(descriptor, value.length)
    writeSync(descriptor, value, 0, 'latin1')
  } catch {}
}

/**
 * Writes to a recorded file. What is left of its old value is cut off only after the write, because
 * a write that fails would otherwise leave the file empty. A limit of the size of files cuts a write
 * short before it fails: what is half written is put back.
 */
const writeRecorded = (file: string, text: string): void => {
  const before = oldValue(file)
  const descriptor = openSync(file, writeFlags)
  try {
    writeFileSync(descriptor, text)
    ftruncateSync(descriptor, Buffer.byteLength(text))
  } catch (error) {
    if (before !== undefined) putBack(descriptor, before)
    throw error
  } finally {
    closeSync(descriptor)
  }
}

const ascii = /^[\0-\x7f]*$/

/**
 * The options of readFileSync. They are one object for all calls, because Node makes a new object
 * of a string each time. It takes the flags of open(2) as a number too, which its types do not
 * know.
 */
const asText = {
  encoding: 'utf8',
  flag: (constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK) as unknown as string,
} as const

/**
 * Reads an attribute of sysfs, which is ASCII. Node reads a whole file of UTF-8 in one call, which
 * takes two thirds of the time of `readWhole`, and there are twelve attributes for every node.
 * Returns undefined for a file that is not ASCII, and for a symbolic link, which only a recording
 * can have.
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
 * Returns a function that finds files below a root. Those of the running kernel are at their own
 * paths, which need no walk, for there are thousands of them. Those of a recorded machine are
 * walked to, because a symbolic link in it could lead out of the recording.
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
    checkWritable: (path) => checkAccess(at(path), constants.W_OK),
  }
}

/** Returns the directory of the processes of a tree, by its path on this machine. */
export const procOf = ({ root, proc }: Tree): string => proc ?? `${pathPrefix(root)}/proc`

/** f_type of sysfs and procfs, from the kernel's include/uapi/linux/magic.h. */
const magics = [
  ['/sys', 0x62656572],
  ['/proc', 0x9fa0],
] as const

/** Whether the tree is that of the running kernel, by whatever path, and not a recording. */
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
